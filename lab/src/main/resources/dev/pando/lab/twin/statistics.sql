SELECT 'pg_statistic_ext'::regclass::oid, s.oid, s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname), pg_get_statisticsobjdef(s.oid)
FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid
WHERE c.relpersistence <> 't' AND {schema s.stxnamespace} AND {user s.oid pg_statistic_ext}

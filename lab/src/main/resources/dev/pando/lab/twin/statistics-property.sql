SELECT 0::oid, s.oid, s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname),
  'ALTER STATISTICS ' || s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname) || ' SET STATISTICS ' || s.stxstattarget,
  'pg_statistic_ext'::regclass::oid, s.oid
FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid
WHERE coalesce(s.stxstattarget, -1) >= 0 AND c.relpersistence <> 't' AND {schema s.stxnamespace} AND {user s.oid pg_statistic_ext}

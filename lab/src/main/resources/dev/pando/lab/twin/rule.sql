SELECT 'pg_rewrite'::regclass::oid, r.oid, r.ev_class::regclass || ' ' || quote_ident(r.rulename), pg_get_ruledef(r.oid), 'pg_class'::regclass::oid, c.oid
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE r.rulename <> '_RETURN' AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

SELECT 'pg_type'::regclass::oid, t.oid, t.oid::regtype::text,
  'CREATE DOMAIN ' || t.oid::regtype || ' AS ' || format_type(t.typbasetype, t.typtypmod)
  || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || t.typcollation::regcollation ELSE '' END
  || CASE WHEN t.typdefaultbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0)
          WHEN t.typdefault IS NOT NULL THEN ' DEFAULT ' || quote_literal(t.typdefault) ELSE '' END
  || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END -- < 17
FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND {schema t.typnamespace} AND {user t.oid pg_type}

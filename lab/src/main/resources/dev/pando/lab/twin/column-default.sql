SELECT 'pg_attrdef'::regclass::oid, d.oid, c.oid::regclass || '.' || quote_ident(a.attname),
  'ALTER TABLE ONLY ' || c.oid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
  'pg_class'::regclass::oid, c.oid
FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
WHERE a.attgenerated = '' AND c.relkind IN ('r', 'p', 'v') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

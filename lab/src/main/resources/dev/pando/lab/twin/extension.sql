SELECT 'pg_extension'::regclass::oid, e.oid, quote_ident(e.extname),
  'CREATE EXTENSION ' || quote_ident(e.extname) || CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE ' SCHEMA ' || quote_ident(n.nspname) END
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname <> 'plpgsql'

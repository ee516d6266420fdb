SELECT 'pg_namespace'::regclass::oid, n.oid, quote_ident(n.nspname), 'CREATE SCHEMA ' || quote_ident(n.nspname)
FROM pg_namespace n
WHERE {schema n.oid} AND ({user n.oid pg_namespace} OR n.nspname = 'public')

SELECT 'pg_constraint'::regclass::oid, k.oid, k.contypid::regtype || ' ' || quote_ident(k.conname),
  'ALTER DOMAIN ' || k.contypid::regtype || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid),
  'pg_type'::regclass::oid, k.contypid
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid
WHERE k.contypid <> 0 AND {schema t.typnamespace} AND {user t.oid pg_type}

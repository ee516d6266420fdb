SELECT 'pg_constraint'::regclass::oid, k.oid, c.oid::regclass || ' ' || quote_ident(k.conname),
  'ALTER TABLE ONLY ' || c.oid::regclass || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid),
  'pg_class'::regclass::oid, c.oid
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE (k.contype = 'c' OR k.contype = 'n' AND NOT k.convalidated) AND c.relkind IN ('r', 'p')
  AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

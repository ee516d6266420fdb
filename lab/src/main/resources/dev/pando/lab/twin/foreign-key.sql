-- Those of partitions first, the deepest ones before others: the one on their parent then takes them as its own.
SELECT 'pg_constraint'::regclass::oid, k.oid, c.oid::regclass || ' ' || quote_ident(k.conname),
  'ALTER TABLE ' || CASE WHEN c.relkind = 'r' THEN 'ONLY ' ELSE '' END || c.oid::regclass
  || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid),
  'pg_class'::regclass::oid, c.oid,
  (k.conparentid = 0)::int * 100 - (SELECT count(*) FROM pg_partition_ancestors(c.oid))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_constraint parent ON parent.oid = k.conparentid
WHERE k.contype = 'f' AND (k.conparentid = 0 OR parent.conrelid <> k.conrelid)
  AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

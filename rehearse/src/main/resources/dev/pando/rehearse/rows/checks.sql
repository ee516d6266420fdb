SELECT c.conrelid::regclass::text, pg_get_expr(c.conbin, c.conrelid),
  (SELECT coalesce(array_agg(a.attname), '{}') FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
FROM pg_constraint c WHERE c.contype = 'c' AND c.conrelid::regclass::text = ANY (?)
UNION ALL
SELECT p.oid::regclass::text, pg_get_partition_constraintdef(p.oid),
  (SELECT coalesce(array_agg(DISTINCT a.attname), '{}') FROM pg_partition_ancestors(p.oid) up
   JOIN pg_partitioned_table t ON t.partrelid = up.relid CROSS JOIN unnest(t.partattrs::int2[]) k (attnum)
   JOIN pg_attribute a ON (a.attrelid, a.attnum) = (t.partrelid, k.attnum))
FROM pg_class p WHERE p.relispartition AND p.oid::regclass::text = ANY (?) AND pg_get_partition_constraintdef(p.oid) IS NOT NULL
UNION ALL
SELECT a.attrelid::regclass::text, NULL, ARRAY[a.attname] FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE t.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped AND a.attrelid::regclass::text = ANY (?)

SELECT c.oid::regclass::text, coalesce(pg_partition_root(c.oid), c.oid)::regclass::text, c.relname,
  (SELECT coalesce(array_agg(t.tgname ORDER BY t.tgname), '{}') FROM pg_trigger t
   WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled = 'O')
FROM pg_class c
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND c.relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY c.oid

SELECT c.oid::regclass::text, c.relkind::text, coalesce(pg_relation_size(c.oid), 0) / current_setting('block_size')::int,
  c.relpages, c.reltuples, c.relallvisible,
  c.relallfrozen -- >= 18
  0 -- < 18
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't' AND {schema c.relnamespace}
ORDER BY c.oid

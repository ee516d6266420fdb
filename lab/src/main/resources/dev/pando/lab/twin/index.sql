SELECT 'pg_class'::regclass::oid, x.oid, x.oid::regclass::text, pg_get_indexdef(x.oid), 'pg_class'::regclass::oid, c.oid, x.oid
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
  AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

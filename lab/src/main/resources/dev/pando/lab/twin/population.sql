SELECT 0::oid, c.oid, c.oid::regclass::text,
  'UPDATE pg_class SET relispopulated = true WHERE oid = ' || quote_literal(c.oid::regclass) || '::regclass', 'pg_class'::regclass::oid, c.oid
FROM pg_class c
WHERE c.relkind = 'm' AND c.relispopulated AND {schema c.relnamespace} AND {user c.oid pg_class}

SELECT 'pg_class'::regclass::oid, c.oid, c.oid::regclass::text,
  'CREATE VIEW ' || c.oid::regclass || coalesce(' WITH (' || {options c.reloptions} || ')', '') || ' AS ' || pg_get_viewdef(c.oid)
FROM pg_class c
WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

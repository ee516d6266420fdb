SELECT 0::oid, c.oid, c.oid::regclass || '.' || quote_ident(a.attname) || ' ' || what.name,
  'ALTER TABLE ONLY ' || c.oid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET ' || what.change,
  'pg_class'::regclass::oid, c.oid
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid,
LATERAL (VALUES
  ('storage', CASE WHEN a.attstorage <> t.typstorage AND c.relkind <> 'v'
     THEN 'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
  ('compression', CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END),
  ('statistics', CASE WHEN coalesce(a.attstattarget, -1) >= 0 THEN 'STATISTICS ' || a.attstattarget END),
  ('options', CASE WHEN a.attoptions IS NOT NULL THEN '(' || {options a.attoptions} || ')' END)) what (name, change)
WHERE what.change IS NOT NULL AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

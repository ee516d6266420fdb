SELECT 0::oid, c.oid, c.oid::regclass || ' ' || what.name,
  'ALTER TABLE ' || CASE WHEN c.relkind IN ('r', 'p') THEN 'ONLY ' ELSE '' END || c.oid::regclass || ' ' || what.change, 'pg_class'::regclass::oid, c.oid
FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid,
LATERAL (VALUES
  ('options', CASE WHEN c.reloptions IS NOT NULL AND c.relkind IN ('r', 'm') THEN 'SET (' || {options c.reloptions} || ')' END),
  ('options of TOAST', CASE WHEN t.reloptions IS NOT NULL THEN 'SET (' || {toast t.reloptions} || ')' END),
  ('type', CASE WHEN c.reloftype <> 0 THEN 'OF ' || c.reloftype::regtype END),
  ('replica identity', CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' END),
  ('row security', CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END),
  ('forced row security', CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END)) what (name, change)
WHERE what.change IS NOT NULL AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

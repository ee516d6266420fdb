SELECT 0::oid, x.oid, x.oid::regclass || ' ' || what.name, what.change, 'pg_class'::regclass::oid, x.oid
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid,
LATERAL (
  SELECT 'options', 'ALTER INDEX ' || x.oid::regclass || ' SET (' || {options x.reloptions} || ')'
  WHERE x.reloptions IS NOT NULL AND EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
  UNION ALL SELECT 'statistics of column ' || a.attnum, 'ALTER INDEX ' || x.oid::regclass || ' ALTER COLUMN ' || a.attnum || ' SET STATISTICS ' || a.attstattarget
  FROM pg_attribute a WHERE a.attrelid = x.oid AND coalesce(a.attstattarget, -1) >= 0
  UNION ALL SELECT 'clustered', 'ALTER TABLE ' || c.oid::regclass || ' CLUSTER ON ' || quote_ident(x.relname) WHERE i.indisclustered
  UNION ALL SELECT 'replica identity', 'ALTER TABLE ONLY ' || c.oid::regclass || ' REPLICA IDENTITY USING INDEX ' || quote_ident(x.relname) WHERE i.indisreplident
  UNION ALL SELECT 'validity', 'UPDATE pg_index SET indisvalid = false, indisready = ' || i.indisready || ', indislive = ' || i.indislive
    || ' WHERE indexrelid = ' || quote_literal(x.oid::regclass) || '::regclass'
  WHERE NOT i.indisvalid AND x.relkind = 'i') what (name, change)
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

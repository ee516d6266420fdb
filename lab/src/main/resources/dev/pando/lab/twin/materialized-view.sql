SELECT 'pg_class'::regclass::oid, c.oid, c.oid::regclass::text,
  'CREATE ' || CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || 'MATERIALIZED VIEW ' || c.oid::regclass
  || CASE WHEN m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) ELSE '' END
  || ' AS ' || rtrim(pg_get_viewdef(c.oid), ';') || ' WITH NO DATA'
FROM pg_class c LEFT JOIN pg_am m ON m.oid = c.relam
WHERE c.relkind = 'm' AND {schema c.relnamespace} AND {user c.oid pg_class}

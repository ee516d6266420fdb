SELECT 'pg_class'::regclass::oid, c.oid, c.oid::regclass::text,
  'CREATE ' || CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || 'SEQUENCE ' || c.oid::regclass || ' AS ' || s.seqtypid::regtype
  || ' INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' START WITH ' || s.seqstart
  || ' CACHE ' || s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END
FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE {schema c.relnamespace} AND {user c.oid pg_class}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')

SELECT 'pg_inherits'::regclass::oid, i.inhrelid, c.oid::regclass || ' of ' || p.oid::regclass,
  CASE WHEN c.relispartition THEN 'ALTER TABLE ONLY ' || p.oid::regclass || ' ATTACH PARTITION ' || c.oid::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid)
  ELSE 'ALTER TABLE ' || c.oid::regclass || ' INHERIT ' || p.oid::regclass END,
  'pg_class'::regclass::oid, p.oid, i.inhseqno
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND NOT i.inhdetachpending AND {schema c.relnamespace} AND {user c.oid pg_class}

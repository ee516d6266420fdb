SELECT 'pg_inherits'::regclass::oid, i.inhrelid, x.oid::regclass || ' of ' || p.oid::regclass,
  'ALTER INDEX ' || p.oid::regclass || ' ATTACH PARTITION ' || x.oid::regclass, 'pg_class'::regclass::oid, p.oid
FROM pg_inherits i JOIN pg_class x ON x.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE x.relkind IN ('i', 'I') AND {schema x.relnamespace} AND {user x.oid pg_class}

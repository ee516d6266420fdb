-- What a child has only from its parents: INHERIT and ATTACH cannot say so of columns and constraints that were there before.
SELECT 0::oid, c.oid, c.oid::regclass::text,
  'WITH child (id) AS (VALUES (' || quote_literal(c.oid::regclass) || '::regclass::oid))'
  || ', columns AS (UPDATE pg_attribute SET attislocal = attname <> ALL (' || quote_literal(ARRAY(
       SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attislocal ORDER BY a.attname)::text)
  || ') FROM child WHERE attrelid = id AND attnum > 0 AND attinhcount > 0)'
  || ' UPDATE pg_constraint SET conislocal = conname <> ALL (' || quote_literal(ARRAY(
       SELECT k.conname FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'n') AND NOT k.conislocal ORDER BY k.conname)::text)
  || ') FROM child WHERE conrelid = id AND contype IN (''c'', ''n'') AND coninhcount > 0',
  'pg_inherits'::regclass::oid, c.oid
FROM pg_class c
WHERE EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND {schema c.relnamespace} AND {user c.oid pg_class}

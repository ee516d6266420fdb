-- Unique and exclusion constraints and unique indexes that have not the key's column: index, text, how to drop and make them with it, who refers to them.
SELECT x.oid::regclass::text, coalesce(pg_get_constraintdef(k.oid), pg_get_indexdef(x.oid)),
  CASE WHEN k.oid IS NULL THEN 'DROP INDEX ' || x.oid::regclass ELSE 'ALTER TABLE ' || i.indrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(k.conname) || ' CASCADE' END,
  CASE WHEN k.contype IN ('p', 'u') THEN 'ALTER TABLE ' || i.indrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(k.conname)
    || regexp_replace(pg_get_constraintdef(k.oid), '^([^(]*\([^)]*)', ' \1, ' || key.name) END,
  (SELECT string_agg('FOREIGN KEY ' || quote_ident(f.conname) || ' of ' || f.conrelid::regclass, ', ' ORDER BY f.conname) FROM pg_constraint f
    WHERE f.contype = 'f' AND f.conindid = x.oid AND f.conparentid = 0)
FROM (VALUES (?)) key (name), pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
WHERE i.indrelid = ? AND (i.indisunique OR i.indisexclusion) AND NOT EXISTS (
  SELECT FROM unnest(i.indkey[0:i.indnkeyatts - 1]::int[]) used JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = used WHERE quote_ident(a.attname) = key.name)
ORDER BY x.oid

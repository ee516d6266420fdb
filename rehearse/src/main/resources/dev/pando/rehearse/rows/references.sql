SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,
  (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
   JOIN pg_attribute a ON (a.attrelid, a.attnum) = (c.conrelid, k.attnum)),
  (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k (attnum, n)
   JOIN pg_attribute a ON (a.attrelid, a.attnum) = (c.confrelid, k.attnum))
FROM pg_constraint c
WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY (?)
  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.confrelid <> c.confrelid)
ORDER BY c.conrelid, cardinality(c.conkey) DESC, c.oid

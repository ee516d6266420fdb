SELECT i.indrelid::regclass::text, i.indisprimary, i.indimmediate,
  (SELECT array_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
   JOIN pg_attribute a ON (a.attrelid, a.attnum) = (i.indrelid, k.attnum) WHERE k.n <= i.indnkeyatts)
FROM pg_index i
WHERE i.indrelid::regclass::text = ANY (?) AND (i.indisunique OR i.indisexclusion) AND i.indislive
  AND NOT 0 = ANY (i.indkey::int2[])
ORDER BY i.indrelid, NOT i.indisprimary, i.indexrelid

-- Btree indexes and the width of the keys between their pages: columns up to the first that tells pages apart.
SELECT x.oid, coalesce(sum(k.width) FILTER (WHERE k.before < greatest(x.relpages, 1)), 8)
FROM pg_class x JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree' JOIN pg_index i ON i.indexrelid = x.oid JOIN pg_class c ON c.oid = i.indrelid,
LATERAL (
  SELECT width, coalesce(exp(sum(ln(greatest(many, 1))) OVER (ORDER BY attnum ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), 0) AS before
  FROM (
    SELECT a.attnum, CASE WHEN a.attlen > 0 THEN a.attlen ELSE coalesce(s.stawidth, 32) END AS width,
      CASE WHEN s.stadistinct < 0 THEN -s.stadistinct * greatest(c.reltuples, 1) ELSE coalesce(s.stadistinct, 1) END::float8 AS many
    FROM pg_attribute a
    LEFT JOIN LATERAL (SELECT * FROM pg_statistic s WHERE s.starelid = CASE WHEN i.indkey[a.attnum - 1] = 0 THEN x.oid ELSE c.oid END
      AND s.staattnum = CASE WHEN i.indkey[a.attnum - 1] = 0 THEN a.attnum ELSE i.indkey[a.attnum - 1] END ORDER BY s.stainherit LIMIT 1) s ON true
    WHERE a.attrelid = x.oid AND a.attnum <= i.indnkeyatts) columns) k
WHERE x.relkind = 'i' AND {schema x.relnamespace}
GROUP BY x.oid

-- An index, its table and its entries: predicate, bytes of the columns of an entry, distinct keys, whether equal keys share an entry.
SELECT x.relnamespace::regnamespace || '.' || quote_ident(x.relname), x.oid, pg_relation_filepath(x.oid), m.amname::text, c.oid::regclass::text, c.relpages, c.reltuples,
  pg_get_expr(i.indpred, i.indrelid), k.bytes, k.keys,
  m.amname = 'btree' AND i.indnatts = i.indnkeyatts AND NOT i.indisunique AND k.images AND coalesce(o.deduplicate, 'on') NOT IN ('off', 'false', '0', 'no'),
  coalesce(o.fillfactor::int, 90), coalesce(o.pages_per_range::int, 128)
FROM pg_class x JOIN pg_am m ON m.oid = x.relam JOIN pg_index i ON i.indexrelid = x.oid JOIN pg_class c ON c.oid = i.indrelid,
LATERAL (
  SELECT max(substr(option, 12)) FILTER (WHERE option LIKE 'fillfactor=%'), max(substr(option, 17)) FILTER (WHERE option LIKE 'pages_per_range=%'),
    max(substr(option, 19)) FILTER (WHERE option LIKE 'deduplicate_items=%')
  FROM unnest(x.reloptions) option) o (fillfactor, pages_per_range, deduplicate),
LATERAL (
  SELECT sum((CASE WHEN a.attlen > 0 THEN ceil(a.attlen / s.align) * s.align ELSE coalesce(s.width, 32) END)) AS bytes,
    exp(sum(ln(greatest(s.many, 1))) FILTER (WHERE a.attnum <= i.indnkeyatts)) AS keys,
    bool_and(a.attnum > i.indnkeyatts OR EXISTS (SELECT FROM pg_opclass p JOIN pg_amproc f ON f.amprocfamily = p.opcfamily AND f.amproclefttype = p.opcintype
      AND f.amprocnum = 4 WHERE p.oid = i.indclass[a.attnum - 1])) AS images
  FROM pg_attribute a, LATERAL (
    SELECT max(t.stawidth) AS width,
      CASE WHEN max(t.stadistinct) < 0 THEN -max(t.stadistinct) * greatest(c.reltuples, 1) ELSE coalesce(max(t.stadistinct), 200) END::float8 AS many,
      CASE a.attalign WHEN 'd' THEN 8.0 WHEN 'i' THEN 4.0 WHEN 's' THEN 2.0 ELSE 1.0 END AS align
    FROM pg_statistic t WHERE t.starelid = c.oid AND t.staattnum = i.indkey[a.attnum - 1] AND NOT t.stainherit) s
  WHERE a.attrelid = x.oid AND a.attnum > 0) k
WHERE x.oid = ANY (?)

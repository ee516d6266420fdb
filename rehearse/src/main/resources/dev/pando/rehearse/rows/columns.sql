WITH RECURSIVE base AS (
  SELECT oid AS type, oid, typtype, typbasetype, typtypmod, typnotnull FROM pg_type
  UNION ALL
  SELECT base.type, t.oid, t.typtype, t.typbasetype, greatest(base.typtypmod, t.typtypmod), base.typnotnull OR t.typnotnull
  FROM base JOIN pg_type t ON t.oid = base.typbasetype WHERE base.typtype = 'd'
)
SELECT a.attrelid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), t.typname, t.typtype::text,
  greatest(a.atttypmod, base.typtypmod), a.attnotnull OR base.typnotnull, a.atttypid <> base.oid,
  a.attgenerated <> '', a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%', d.adbin IS NOT NULL,
  CASE WHEN t.typcategory = 'A' THEN (SELECT e.typname FROM pg_type e WHERE e.oid = t.typelem) END,
  (SELECT count(*) FROM pg_enum e WHERE e.enumtypid = base.oid)::int
FROM pg_attribute a
JOIN base ON base.type = a.atttypid AND base.typtype <> 'd'
JOIN pg_type t ON t.oid = base.oid
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE a.attrelid::regclass::text = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum

-- Columns of the twin with what their statistics need: the base type, the operators of the default btree class of their type, and of its elements,
-- and whether a value of the type runs what users made: the CHECK of a domain within, or the order that a range has.
WITH RECURSIVE base (type, at) AS (
  SELECT oid, oid FROM pg_type UNION ALL SELECT b.type, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.at WHERE t.typtype = 'd'),
final (type, base) AS (SELECT b.type, b.at FROM base b JOIN pg_type t ON t.oid = b.at WHERE t.typtype <> 'd'),
candidate (type, accepts, rank) AS (
  SELECT type, base, 0 FROM final
  UNION ALL SELECT f.type, c.casttarget, 1 FROM final f JOIN pg_cast c ON c.castsource = f.base AND c.castmethod = 'b' AND c.castcontext = 'i'
  UNION ALL SELECT f.type, CASE WHEN t.typtype = 'e' THEN 'anyenum'::regtype WHEN t.typtype = 'r' THEN 'anyrange' WHEN t.typtype = 'm' THEN 'anymultirange'
    WHEN t.typtype = 'c' THEN 'record' ELSE 'anyarray' END, 2
  FROM final f JOIN pg_type t ON t.oid = f.base WHERE t.typtype IN ('e', 'r', 'm', 'c') OR t.typsubscript = 'array_subscript_handler'::regproc),
operators (type, equal, less) AS (
  SELECT DISTINCT ON (k.type) k.type,
    coalesce((SELECT o.amopopr FROM pg_amop o WHERE o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype
      AND o.amopstrategy = CASE m.amname WHEN 'btree' THEN 3 ELSE 1 END AND o.amoppurpose = 's'), 0),
    coalesce((SELECT o.amopopr FROM pg_amop o WHERE m.amname = 'btree' AND o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype
      AND o.amoprighttype = c.opcintype AND o.amopstrategy = 1), 0)
  FROM candidate k JOIN pg_opclass c ON c.opcintype = k.accepts AND c.opcdefault JOIN pg_am m ON m.oid = c.opcmethod AND m.amname IN ('btree', 'hash')
  JOIN pg_type a ON a.oid = k.accepts
  ORDER BY k.type, m.amname, k.rank, a.typispreferred DESC),
parts (type, at) AS (
  SELECT DISTINCT f.type, f.base FROM final f JOIN pg_attribute a ON a.atttypid = f.type AND a.attnum > 0 JOIN pg_class c ON c.oid = a.attrelid AND {schema c.relnamespace}
  UNION SELECT p.type, inner_type.oid FROM parts p JOIN pg_type t ON t.oid = p.at, LATERAL (
    SELECT t.typelem WHERE t.typelem <> 0
    UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)) inner_type (oid))
SELECT c.oid::regclass::text, a.attname::text, c.oid, a.attnum, b.oid, a.attcollation, coalesce(o.equal, 0), coalesce(o.less, 0),
  CASE WHEN b.typname = 'tsvector' THEN 'text'::regtype ELSE b.typelem END::oid,
  CASE WHEN b.typname = 'tsvector' THEN 'pg_catalog.default'::regcollation::oid ELSE a.attcollation END, coalesce(e.equal, 0),
  EXISTS (SELECT FROM parts p JOIN pg_type t ON t.oid = p.at LEFT JOIN pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid)
    WHERE p.type = a.atttypid AND (t.typtype = 'd' OR r.rngsubopc >= 16384 OR r.rngcanonical >= 16384))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN final f ON f.type = a.atttypid JOIN pg_type b ON b.oid = f.base
LEFT JOIN operators o ON o.type = a.atttypid
LEFT JOIN operators e ON e.type = CASE WHEN b.typname = 'tsvector' THEN 'text'::regtype ELSE b.typelem END
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND {schema c.relnamespace}

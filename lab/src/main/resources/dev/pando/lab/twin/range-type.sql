SELECT 'pg_type'::regclass::oid, t.oid, t.oid::regtype::text,
  'CREATE TYPE ' || t.oid::regtype || ' AS RANGE (SUBTYPE = ' || r.rngsubtype::regtype
  || ', SUBTYPE_OPCLASS = ' || o.opcnamespace::regnamespace || '.' || quote_ident(o.opcname)
  || CASE WHEN r.rngcollation <> s.typcollation THEN ', COLLATION = ' || r.rngcollation::regcollation ELSE '' END
  || CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc ELSE '' END
  || ', MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::regtype || ')'
FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
WHERE {schema t.typnamespace} AND {user t.oid pg_type} AND r.rngcanonical = 0

SELECT 'pg_collation'::regclass::oid, c.oid, c.oid::regcollation::text,
  'CREATE COLLATION ' || c.oid::regcollation || ' (PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END
  || CASE WHEN c.collprovider = 'c' THEN ', LC_COLLATE = ' || quote_literal(c.collcollate) || ', LC_CTYPE = ' || quote_literal(c.collctype)
     ELSE ', LOCALE = ' || quote_literal(c.colliculocale) END -- < 17
     ELSE ', LOCALE = ' || quote_literal(c.colllocale) END -- >= 17
  || coalesce(', RULES = ' || quote_literal(c.collicurules), '') -- >= 16
  || CASE WHEN c.collisdeterministic THEN '' ELSE ', DETERMINISTIC = false' END || ')'
FROM pg_collation c
WHERE {schema c.collnamespace} AND {user c.oid pg_collation}

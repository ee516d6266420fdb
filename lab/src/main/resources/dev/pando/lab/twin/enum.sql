SELECT 'pg_type'::regclass::oid, t.oid, t.oid::regtype::text,
  'CREATE TYPE ' || t.oid::regtype || ' AS ENUM ('
  || coalesce((SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '') || ')'
FROM pg_type t
WHERE t.typtype = 'e' AND {schema t.typnamespace} AND {user t.oid pg_type}

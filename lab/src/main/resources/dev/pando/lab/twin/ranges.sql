SELECT c.oid::regclass || '.' || quote_ident(a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE t.typtype IN ('r', 'm') AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

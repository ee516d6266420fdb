SELECT 'pg_trigger'::regclass::oid, t.oid, t.tgrelid::regclass || ' ' || quote_ident(t.tgname), pg_get_triggerdef(t.oid), 'pg_class'::regclass::oid, c.oid
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relkind IN ('r', 'p', 'v') AND c.relpersistence <> 't' AND {schema c.relnamespace} AND {user c.oid pg_class}

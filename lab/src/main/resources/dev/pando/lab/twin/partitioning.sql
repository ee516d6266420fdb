-- A table and one of its columns.
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(n.nspname), c.relname, c.relkind::text,
  c.relispartition OR EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)), quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attname = (parse_ident(?))[1]
WHERE c.oid = ?

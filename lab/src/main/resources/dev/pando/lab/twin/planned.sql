-- What statistics are called, of relations, their columns and statistics objects, that the statement planned in this transaction may be planned with.
WITH planned (oid, name) AS (
  SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid IN (SELECT l.relation FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'))
SELECT 'statistics ' || p.name FROM planned p
UNION ALL
SELECT 'statistics ' || p.name || '.' || pg_catalog.quote_ident(a.attname) FROM planned p JOIN pg_catalog.pg_attribute a ON a.attrelid = p.oid AND a.attnum > 0
UNION ALL
SELECT 'extended statistics ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.stxname)
FROM planned p JOIN pg_catalog.pg_statistic_ext s ON s.stxrelid = p.oid JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace

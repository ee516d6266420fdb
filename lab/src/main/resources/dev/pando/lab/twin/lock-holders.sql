-- Who has locked relations of this database against reading, or waits to: relations, whether they are locked, pid, what is known of the session, and
-- behind whom it waits. A prepared transaction has no pid.
SELECT string_agg(DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname), ', '), l.granted, l.pid,
  concat_ws(', ', nullif(a.application_name, ''), a.usename, 'transaction since ' || to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', a.state),
  CASE WHEN NOT l.granted THEN array_to_string(pg_blocking_pids(l.pid), ', ') END
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
  AND l.database IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
  AND c.relkind <> 't' AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_locks t ON t.locktype = 'relation' AND t.relation = i.indrelid AND t.mode = l.mode AND t.database = l.database
    WHERE i.indexrelid = c.oid AND t.virtualtransaction = l.virtualtransaction)
GROUP BY l.granted, l.pid, l.virtualtransaction, a.application_name, a.usename, a.xact_start, a.state
ORDER BY l.granted DESC, a.xact_start NULLS LAST LIMIT 4

-- Statistics objects whose data are not shown to this user, where there may be some.
SELECT quote_ident(n.nspname) || '.' || quote_ident(s.stxname), quote_ident(pg_get_userbyid(c.relowner)), row_security_active(c.oid)
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN pg_class c ON c.oid = s.stxrelid
WHERE c.relpersistence <> 't' AND {schema s.stxnamespace} AND {user s.oid pg_statistic_ext}
  AND (NOT pg_has_role(c.relowner, 'USAGE') OR row_security_active(c.oid))
  AND NOT EXISTS (SELECT FROM pg_stats_ext e WHERE e.statistics_schemaname = n.nspname AND e.statistics_name = s.stxname)
ORDER BY 1

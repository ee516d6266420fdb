-- Data of statistics objects: shown to the owner of the table only, and to superusers.
SELECT quote_ident(e.statistics_schemaname) || '.' || quote_ident(e.statistics_name), e.inherited, coalesce(e.attnames::text, '{}'),
  coalesce((SELECT array_agg(k ORDER BY k) FROM unnest(s.stxkeys) k)::text, '{}'), e.n_distinct::text, e.dependencies::text,
  e.most_common_vals::text, e.most_common_freqs::text, e.most_common_base_freqs::text
FROM pg_stats_ext e JOIN pg_namespace n ON n.nspname = e.statistics_schemaname JOIN pg_statistic_ext s ON s.stxnamespace = n.oid AND s.stxname = e.statistics_name
WHERE e.inherited IS NOT NULL AND {user s.oid pg_statistic_ext}
ORDER BY 1, 2

SELECT quote_ident(e.statistics_schemaname) || '.' || quote_ident(e.statistics_name),
  'x' || array_position(pg_get_statisticsobjdef_expressions(s.oid), e.expr), 'other', e.inherited, e.null_frac, e.avg_width, e.n_distinct,
  e.most_common_vals::text, e.most_common_freqs::text, e.histogram_bounds::text, e.correlation,
  e.most_common_elems::text, e.most_common_elem_freqs::text, e.elem_count_histogram::text, NULL, NULL, NULL
FROM pg_stats_ext_exprs e JOIN pg_namespace n ON n.nspname = e.statistics_schemaname JOIN pg_statistic_ext s ON s.stxnamespace = n.oid AND s.stxname = e.statistics_name
WHERE e.null_frac IS NOT NULL AND {user s.oid pg_statistic_ext}
ORDER BY 1, 2, 4

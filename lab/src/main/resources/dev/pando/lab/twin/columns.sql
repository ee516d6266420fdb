SELECT quote_ident(s.schemaname) || '.' || quote_ident(s.tablename), s.attname::text, s.inherited, s.null_frac, s.avg_width, s.n_distinct,
  s.most_common_vals::text, s.most_common_freqs::text, s.histogram_bounds::text, s.correlation,
  s.most_common_elems::text, s.most_common_elem_freqs::text, s.elem_count_histogram::text,
  s.range_length_histogram::text, s.range_empty_frac, s.range_bounds_histogram::text -- >= 17
  NULL, NULL, NULL -- < 17
FROM pg_stats s
WHERE s.schemaname !~ '^pg_' AND s.schemaname <> 'information_schema'
ORDER BY 1, 2, 3

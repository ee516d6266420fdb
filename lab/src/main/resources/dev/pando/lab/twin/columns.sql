SELECT quote_ident(s.schemaname) || '.' || quote_ident(s.tablename), s.attname::text,
  CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'b' AND t.oid < 16384 OR t.typname = 'citext' THEN t.typname ELSE 'other' END, s.inherited, s.null_frac, s.avg_width, s.n_distinct,
  s.most_common_vals::text, s.most_common_freqs::text, s.histogram_bounds::text, s.correlation,
  s.most_common_elems::text, s.most_common_elem_freqs::text, s.elem_count_histogram::text,
  s.range_length_histogram::text, s.range_empty_frac, s.range_bounds_histogram::text -- >= 17
  NULL, NULL, NULL -- < 17
FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname JOIN pg_type t ON t.oid = a.atttypid
WHERE s.schemaname !~ '^pg_' AND s.schemaname <> 'information_schema'
ORDER BY 1, 2, 4

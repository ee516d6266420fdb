-- What the planner heeds, and what decides how values in a statement are read.
SELECT s.name, current_setting(s.name) FROM pg_settings s
WHERE s.context IN ('user', 'superuser') AND (s.category LIKE 'Query Tuning%' OR s.name IN (
  'work_mem', 'hash_mem_multiplier', 'maintenance_work_mem', 'max_parallel_workers_per_gather', 'max_parallel_workers', 'parallel_leader_participation',
  'effective_io_concurrency', 'default_table_access_method', 'search_path', 'row_security', 'TimeZone', 'DateStyle', 'IntervalStyle', 'default_text_search_config',
  'array_nulls', 'transform_null_equals', 'standard_conforming_strings', 'backslash_quote', 'debug_parallel_query', 'force_parallel_mode'))
ORDER BY s.name

-- A statistics object of the twin: its name, kinds and columns, the columns that its expressions read, how many values of each ANALYZE
-- keeps, and of its table whether it has children, how long they are and how many rows they are thought to have.
WITH RECURSIVE tree (oid) AS (
  SELECT s.stxrelid FROM pg_statistic_ext s WHERE s.oid = ? UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid)
SELECT s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname), c.oid::regclass::text, s.stxkind::text, pg_get_statisticsobjdef_columns(s.oid),
  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = c.oid AND d.refobjsubid = a.attnum)),
  (SELECT max(coalesce(nullif(a.attstattarget, -1), current_setting('default_statistics_target')::int)) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0),
  (SELECT max(coalesce(nullif(a.attstattarget, -1), current_setting('default_statistics_target')::int))
    FROM unnest(s.stxkeys::int[] || CASE WHEN s.stxexprs IS NULL THEN '{}' ELSE '{0}' END::int[]) k LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k),
  (SELECT count(*) > 1 FROM tree),
  (SELECT sum(pg_relation_size(t.oid) / current_setting('block_size')::int) FROM tree t),
  (SELECT sum(CASE WHEN r.relpages > 0 THEN r.reltuples / r.relpages * (pg_relation_size(r.oid) / current_setting('block_size')::int) ELSE greatest(r.reltuples, 0) END)
    FROM tree t JOIN pg_class r ON r.oid = t.oid AND r.relkind <> 'p')
FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid WHERE s.oid = ?

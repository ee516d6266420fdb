-- Relations with columns whose statistics pg_stats hides from this user.
SELECT c.oid::regclass::text, count(*), row_security_active(c.oid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE (c.relkind IN ('r', 'p', 'm') OR c.relkind = 'i' AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND i.indexprs IS NOT NULL))
  AND c.relpersistence <> 't' AND {schema c.relnamespace}
  AND (NOT has_column_privilege(c.oid, a.attnum, 'SELECT') OR row_security_active(c.oid))
GROUP BY c.oid ORDER BY 1

-- Turns the table $table into a partitioned one, by the key of pando_partitioning.key; its statistics are those of all partitions.
INSERT INTO pg_partitioned_table SELECT $table, partstrat, partnatts, 0, partattrs, partclass, partcollation, partexprs
FROM pg_partitioned_table WHERE partrelid = 'pando_partitioning.key'::regclass;
UPDATE pg_class SET relkind = 'I', relfilenode = 0 FROM pg_index WHERE indexrelid = pg_class.oid AND indrelid = $table;
UPDATE pg_class SET relkind = 'p', relfilenode = 0 WHERE oid = $table;
UPDATE pg_statistic SET stainherit = true WHERE starelid = $table;
UPDATE pg_statistic_ext_data SET stxdinherit = true FROM pg_statistic_ext s WHERE s.oid = stxoid AND s.stxrelid = $table

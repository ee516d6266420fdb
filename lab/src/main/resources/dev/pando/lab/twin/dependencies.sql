SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 2200 AND d.deptype NOT IN ('e', 'P', 'S')
-- A child is attached when it and its parents have all that has to agree.
UNION ALL SELECT 'pg_inherits'::regclass::oid, i.inhrelid, 'pg_class'::regclass::oid, i.inhrelid FROM pg_inherits i
UNION ALL SELECT 'pg_inherits'::regclass::oid, i.inhrelid, 'pg_constraint'::regclass::oid, k.oid FROM pg_inherits i
  JOIN pg_constraint k ON k.conrelid IN (i.inhrelid, i.inhparent) AND k.contype IN ('c', 'n')
UNION ALL SELECT 'pg_inherits'::regclass::oid, i.inhrelid, 'pg_attrdef'::regclass::oid, d.oid FROM pg_inherits i JOIN pg_attrdef d ON d.adrelid IN (i.inhrelid, i.inhparent)
-- An index, or a view that needs one, comes after its table's place among others.
UNION ALL SELECT 'pg_class'::regclass::oid, x.indexrelid, 'pg_inherits'::regclass::oid, i.inhrelid FROM pg_inherits i JOIN pg_index x ON x.indrelid IN (i.inhrelid, i.inhparent)

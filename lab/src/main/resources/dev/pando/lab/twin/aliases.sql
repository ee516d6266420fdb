-- Parts of objects that other objects depend on: the part, and the object that makes it.
SELECT 'pg_type'::regclass::oid, t.oid, 'pg_class'::regclass::oid, t.typrelid FROM pg_type t WHERE t.typrelid <> 0 AND t.oid >= 16384
UNION ALL SELECT 'pg_type'::regclass::oid, t.typarray, 'pg_type'::regclass::oid, t.oid FROM pg_type t WHERE t.typarray <> 0 AND t.oid >= 16384
UNION ALL SELECT 'pg_type'::regclass::oid, r.rngmultitypid, 'pg_type'::regclass::oid, r.rngtypid FROM pg_range r WHERE r.rngtypid >= 16384
UNION ALL SELECT 'pg_attrdef'::regclass::oid, d.oid, 'pg_class'::regclass::oid, d.adrelid FROM pg_attrdef d
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
UNION ALL SELECT 'pg_class'::regclass::oid, k.conindid, 'pg_constraint'::regclass::oid, k.oid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
UNION ALL SELECT 'pg_constraint'::regclass::oid, k.oid, 'pg_class'::regclass::oid, k.conrelid FROM pg_constraint k WHERE k.contype = 'n' AND k.convalidated
UNION ALL SELECT 'pg_rewrite'::regclass::oid, r.oid, 'pg_class'::regclass::oid, r.ev_class FROM pg_rewrite r WHERE r.rulename = '_RETURN' AND r.oid >= 16384
UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d WHERE d.deptype = 'e'
UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
  WHERE d.deptype = 'i' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND c.relkind = 'S'
UNION ALL SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d
  WHERE d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND d.refclassid = 'pg_opclass'::regclass AND d.objid >= 16384

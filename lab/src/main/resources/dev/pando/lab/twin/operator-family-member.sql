-- Members that belong to no class: added later, or optional ones of GiST, GIN and SP-GiST.
SELECT 0::oid, f.oid, f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname) || ' ' || a.amname || ' ' || m.what,
  'ALTER OPERATOR FAMILY ' || f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(a.amname) || ' ADD ' || m.what,
  m.class, m.oid
FROM pg_opfamily f JOIN pg_am a ON a.oid = f.opfmethod,
LATERAL (
  SELECT o.amopfamily, 'pg_operator'::regclass::oid, o.amopopr, 'OPERATOR ' || o.amopstrategy || ' ' || o.amopopr::regoperator
    || CASE WHEN o.amopsortfamily <> 0 THEN (SELECT ' FOR ORDER BY ' || s.opfnamespace::regnamespace || '.' || quote_ident(s.opfname)
         FROM pg_opfamily s WHERE s.oid = o.amopsortfamily) ELSE '' END
  FROM pg_amop o JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_opfamily'::regclass
  WHERE o.amopfamily = f.oid AND ({user f.oid pg_opfamily} OR {user o.amopopr pg_operator})
  UNION ALL
  SELECT p.amprocfamily, 'pg_proc'::regclass, p.amproc::oid, 'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', '
    || format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure
  FROM pg_amproc p JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_opfamily'::regclass
  WHERE p.amprocfamily = f.oid AND ({user f.oid pg_opfamily} OR {user p.amproc pg_proc})) m (family, class, oid, what)

SELECT 'pg_opclass'::regclass::oid, c.oid, c.opcnamespace::regnamespace || '.' || quote_ident(c.opcname) || ' ' || a.amname,
  'CREATE OPERATOR CLASS ' || c.opcnamespace::regnamespace || '.' || quote_ident(c.opcname) || CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END
  || ' FOR TYPE ' || format_type(c.opcintype, NULL) || ' USING ' || quote_ident(a.amname)
  || ' FAMILY ' || f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname) || ' AS '
  || array_to_string(
       ARRAY(SELECT 'OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::regoperator
               || CASE WHEN m.amopsortfamily <> 0 THEN (SELECT ' FOR ORDER BY ' || s.opfnamespace::regnamespace || '.' || quote_ident(s.opfname)
                    FROM pg_opfamily s WHERE s.oid = m.amopsortfamily) ELSE '' END
             FROM pg_amop m JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = m.oid
             WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid ORDER BY m.amopstrategy)
       || ARRAY(SELECT 'FUNCTION ' || m.amprocnum || ' (' || format_type(m.amproclefttype, NULL) || ', ' || format_type(m.amprocrighttype, NULL) || ') '
               || m.amproc::regprocedure
             FROM pg_amproc m JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = m.oid
             WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid ORDER BY m.amprocnum)
       || CASE WHEN c.opckeytype <> 0 THEN ARRAY['STORAGE ' || format_type(c.opckeytype, NULL)] ELSE ARRAY[]::text[] END, ', '),
  'pg_opfamily'::regclass::oid, f.oid
FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod JOIN pg_opfamily f ON f.oid = c.opcfamily
WHERE {schema c.opcnamespace} AND {user c.oid pg_opclass}

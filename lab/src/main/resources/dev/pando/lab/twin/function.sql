SELECT 'pg_proc'::regclass::oid, p.oid, p.oid::regprocedure::text, pg_get_functiondef(p.oid)
FROM pg_proc p
WHERE p.prokind <> 'a' AND {schema p.pronamespace} AND {user p.oid pg_proc}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')

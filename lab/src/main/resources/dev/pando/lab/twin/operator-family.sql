SELECT 'pg_opfamily'::regclass::oid, f.oid, f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname) || ' ' || a.amname,
  'CREATE OPERATOR FAMILY ' || f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(a.amname)
FROM pg_opfamily f JOIN pg_am a ON a.oid = f.opfmethod
WHERE {schema f.opfnamespace} AND {user f.oid pg_opfamily}

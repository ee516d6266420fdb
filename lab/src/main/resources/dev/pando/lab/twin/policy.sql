SELECT 'pg_policy'::regclass::oid, p.oid, p.polrelid::regclass || ' ' || quote_ident(p.polname),
  'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || p.polrelid::regclass || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
  || ' FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
  || ' TO ' || (SELECT string_agg(CASE WHEN named = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(named)) END, ', ' ORDER BY named) FROM unnest(p.polroles) named)
  || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
  'pg_class'::regclass::oid, c.oid
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE {schema c.relnamespace} AND {user c.oid pg_class}

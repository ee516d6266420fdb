-- Roles that policies name. Nobody logs in as them, and nothing is granted to them.
SELECT DISTINCT 'pg_authid'::regclass::oid, r.oid, quote_ident(r.rolname), 'CREATE ROLE ' || quote_ident(r.rolname) || ' NOLOGIN'
FROM pg_policy p, unnest(p.polroles) named JOIN pg_roles r ON r.oid = named
WHERE r.rolname <> 'postgres' AND r.rolname !~ '^pg_'

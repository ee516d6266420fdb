SELECT 0::oid, c.oid, c.oid::regclass::text,
  'ALTER SEQUENCE ' || c.oid::regclass || ' OWNED BY ' || d.refobjid::regclass || '.' || quote_ident(a.attname), 'pg_class'::regclass::oid, c.oid
FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a' AND d.refclassid = 'pg_class'::regclass
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relkind = 'S' AND {schema c.relnamespace} AND {user c.oid pg_class}

SELECT 'pg_operator'::regclass::oid, o.oid, o.oid::regoperator::text,
  'CREATE OPERATOR ' || o.oprnamespace::regnamespace || '.' || o.oprname || ' (FUNCTION = ' || o.oprcode::regproc
  || CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) ELSE '' END
  || CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || format_type(o.oprright, NULL) ELSE '' END
  || coalesce((SELECT ', COMMUTATOR = OPERATOR(' || c.oprnamespace::regnamespace || '.' || c.oprname || ')' FROM pg_operator c WHERE c.oid = o.oprcom), '')
  || coalesce((SELECT ', NEGATOR = OPERATOR(' || c.oprnamespace::regnamespace || '.' || c.oprname || ')' FROM pg_operator c WHERE c.oid = o.oprnegate), '')
  || CASE WHEN o.oprrest <> 0 THEN ', RESTRICT = ' || o.oprrest::regproc ELSE '' END
  || CASE WHEN o.oprjoin <> 0 THEN ', JOIN = ' || o.oprjoin::regproc ELSE '' END
  || CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END || CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END || ')'
FROM pg_operator o
WHERE o.oprcode <> 0 AND {schema o.oprnamespace} AND {user o.oid pg_operator}

SELECT 'pg_proc'::regclass::oid, p.oid, p.oid::regprocedure::text,
  'CREATE AGGREGATE ' || p.pronamespace::regnamespace || '.' || quote_ident(p.proname)
  || '(' || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || ') (SFUNC = ' || a.aggtransfn::regproc
  || ', STYPE = ' || format_type(a.aggtranstype, NULL)
  || CASE WHEN a.aggtransspace <> 0 THEN ', SSPACE = ' || a.aggtransspace ELSE '' END
  || CASE WHEN a.aggfinalfn <> 0 THEN ', FINALFUNC = ' || a.aggfinalfn::regproc
       || CASE WHEN a.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END
       || ', FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END ELSE '' END
  || CASE WHEN a.aggcombinefn <> 0 THEN ', COMBINEFUNC = ' || a.aggcombinefn::regproc ELSE '' END
  || CASE WHEN a.aggserialfn <> 0 THEN ', SERIALFUNC = ' || a.aggserialfn::regproc ELSE '' END
  || CASE WHEN a.aggdeserialfn <> 0 THEN ', DESERIALFUNC = ' || a.aggdeserialfn::regproc ELSE '' END
  || coalesce(', INITCOND = ' || quote_literal(a.agginitval), '')
  || CASE WHEN a.aggmtransfn <> 0 THEN ', MSFUNC = ' || a.aggmtransfn::regproc || ', MINVFUNC = ' || a.aggminvtransfn::regproc
       || ', MSTYPE = ' || format_type(a.aggmtranstype, NULL)
       || CASE WHEN a.aggmtransspace <> 0 THEN ', MSSPACE = ' || a.aggmtransspace ELSE '' END
       || CASE WHEN a.aggmfinalfn <> 0 THEN ', MFINALFUNC = ' || a.aggmfinalfn::regproc
            || CASE WHEN a.aggmfinalextra THEN ', MFINALFUNC_EXTRA' ELSE '' END
            || ', MFINALFUNC_MODIFY = ' || CASE a.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END ELSE '' END
       || coalesce(', MINITCOND = ' || quote_literal(a.aggminitval), '') ELSE '' END
  || CASE WHEN a.aggsortop <> 0 THEN (SELECT ', SORTOP = OPERATOR(' || o.oprnamespace::regnamespace || '.' || o.oprname || ')' FROM pg_operator o WHERE o.oid = a.aggsortop) ELSE '' END
  || CASE WHEN a.aggkind = 'h' THEN ', HYPOTHETICAL' ELSE '' END
  || ', PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END || ')'
FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
WHERE {schema p.pronamespace} AND {user p.oid pg_proc}

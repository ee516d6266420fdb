SELECT 0::oid, t.oid, t.tgrelid::regclass || ' ' || quote_ident(t.tgname),
  'ALTER TABLE ' || CASE WHEN c.relkind IN ('r', 'p') THEN 'ONLY ' ELSE '' END || c.oid::regclass
  || CASE t.tgenabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' WHEN 'A' THEN ' ENABLE ALWAYS' ELSE ' ENABLE' END
  || ' TRIGGER ' || quote_ident(t.tgname),
  'pg_trigger'::regclass::oid, t.oid
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'O' OR p.tgenabled <> t.tgenabled AND NOT t.tgisinternal
UNION ALL SELECT 0, r.oid, r.ev_class::regclass || ' ' || quote_ident(r.rulename),
  'ALTER TABLE ' || r.ev_class::regclass || CASE r.ev_enabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' ENABLE ALWAYS' END
  || ' RULE ' || quote_ident(r.rulename),
  'pg_rewrite'::regclass::oid, r.oid
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE r.ev_enabled <> 'O' AND r.rulename <> '_RETURN' AND {schema c.relnamespace} AND {user c.oid pg_class}

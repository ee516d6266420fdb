SELECT 'pg_ts_dict'::regclass::oid, d.oid, d.dictnamespace::regnamespace || '.' || quote_ident(d.dictname),
  'CREATE TEXT SEARCH DICTIONARY ' || d.dictnamespace::regnamespace || '.' || quote_ident(d.dictname)
  || ' (TEMPLATE = ' || t.tmplnamespace::regnamespace || '.' || quote_ident(t.tmplname) || coalesce(', ' || d.dictinitoption, '') || ')'
FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate
WHERE {schema d.dictnamespace} AND {user d.oid pg_ts_dict}

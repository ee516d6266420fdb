SELECT 'pg_ts_config'::regclass::oid, c.oid, c.cfgnamespace::regnamespace || '.' || quote_ident(c.cfgname),
  'CREATE TEXT SEARCH CONFIGURATION ' || c.cfgnamespace::regnamespace || '.' || quote_ident(c.cfgname)
  || ' (PARSER = ' || p.prsnamespace::regnamespace || '.' || quote_ident(p.prsname) || ')'
FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = c.cfgparser
WHERE {schema c.cfgnamespace} AND {user c.oid pg_ts_config}

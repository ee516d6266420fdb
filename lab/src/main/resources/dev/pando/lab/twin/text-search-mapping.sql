SELECT 0::oid, c.oid, c.cfgnamespace::regnamespace || '.' || quote_ident(c.cfgname) || ' ' || (SELECT t.alias FROM ts_token_type(c.cfgparser) t WHERE t.tokid = m.maptokentype),
  'ALTER TEXT SEARCH CONFIGURATION ' || c.cfgnamespace::regnamespace || '.' || quote_ident(c.cfgname) || ' ADD MAPPING FOR '
  || (SELECT t.alias FROM ts_token_type(c.cfgparser) t WHERE t.tokid = m.maptokentype) || ' WITH ' || string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno),
  'pg_ts_config'::regclass::oid, c.oid
FROM pg_ts_config c JOIN pg_ts_config_map m ON m.mapcfg = c.oid
WHERE {schema c.cfgnamespace} AND {user c.oid pg_ts_config}
GROUP BY c.oid, c.cfgnamespace, c.cfgname, c.cfgparser, m.maptokentype

-- What is in the target and cannot be, or is not, in the twin: kind, name, why.
SELECT 'foreign table', c.oid::regclass::text, 'its server is not reached from here' FROM pg_class c WHERE c.relkind = 'f' AND {schema c.relnamespace} AND {user c.oid pg_class}
UNION ALL SELECT 'foreign server', quote_ident(s.srvname), 'foreign servers are not reached from here' FROM pg_foreign_server s
UNION ALL SELECT 'foreign-data wrapper', quote_ident(w.fdwname), 'made outside of an extension' FROM pg_foreign_data_wrapper w WHERE {user w.oid pg_foreign_data_wrapper}
UNION ALL SELECT 'event trigger', quote_ident(e.evtname), 'it would act on what is done to the twin' FROM pg_event_trigger e WHERE {user e.oid pg_event_trigger}
UNION ALL SELECT 'publication', quote_ident(p.pubname), 'nothing is replicated from a twin' FROM pg_publication p
UNION ALL SELECT 'type', t.oid::regtype::text, 'base types need functions of C' FROM pg_type t
  WHERE t.typtype IN ('b', 'p') AND t.typcategory <> 'A' AND {schema t.typnamespace} AND {user t.oid pg_type}
UNION ALL SELECT 'range type', t.oid::regtype::text, 'it has a canonical function' FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid
  WHERE r.rngcanonical <> 0 AND {schema t.typnamespace} AND {user t.oid pg_type}
UNION ALL SELECT 'language', quote_ident(l.lanname), 'made outside of an extension' FROM pg_language l WHERE l.lanispl AND {user l.oid pg_language}
UNION ALL SELECT 'access method', quote_ident(a.amname), 'made outside of an extension' FROM pg_am a WHERE {user a.oid pg_am}
UNION ALL SELECT 'conversion', quote_ident(c.conname), 'conversions are not carried' FROM pg_conversion c WHERE {schema c.connamespace} AND {user c.oid pg_conversion}
UNION ALL SELECT 'transform', format_type(t.trftype, NULL), 'transforms are not carried' FROM pg_transform t WHERE {user t.oid pg_transform}
UNION ALL SELECT 'text search parser', quote_ident(p.prsname), 'parsers need functions of C' FROM pg_ts_parser p WHERE {schema p.prsnamespace} AND {user p.oid pg_ts_parser}
UNION ALL SELECT 'text search template', quote_ident(p.tmplname), 'templates need functions of C' FROM pg_ts_template p WHERE {schema p.tmplnamespace} AND {user p.oid pg_ts_template}
UNION ALL SELECT 'shell operator', o.oid::regoperator::text, 'it has no function yet' FROM pg_operator o WHERE o.oprcode = 0 AND {schema o.oprnamespace} AND {user o.oid pg_operator}
UNION ALL SELECT 'partition', i.inhrelid::regclass::text, 'it is being detached' FROM pg_inherits i WHERE i.inhdetachpending
UNION ALL SELECT 'tablespace', quote_ident(t.spcname), 'its relations are in the twin''s own; options of the tablespace, such as random_page_cost, do not count there'
  FROM pg_tablespace t WHERE t.spcname NOT IN ('pg_default', 'pg_global') AND EXISTS (SELECT FROM pg_class c WHERE c.reltablespace = t.oid)

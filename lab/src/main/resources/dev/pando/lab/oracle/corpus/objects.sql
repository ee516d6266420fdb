--: setup
-- Statements about objects beside tables, of which migrations have few, and the ways of ALTER TABLE that the other topics leave out.
CREATE EXTENSION file_fdw;
CREATE EXTENSION citext;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE lines (line text) SERVER files OPTIONS (filename '/dev/null');
CREATE FOREIGN DATA WRAPPER bare;
CREATE SERVER idle FOREIGN DATA WRAPPER bare;
CREATE USER MAPPING FOR clerk SERVER idle;
CREATE OPERATOR FAMILY spare_family USING btree;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE COLLATION spare_collation (provider = libc, locale = 'C');
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple);
CREATE FUNCTION announce() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER announcing ON ddl_command_end EXECUTE FUNCTION announce();
ALTER EVENT TRIGGER announcing DISABLE;
CREATE FUNCTION spare() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE RULE quiet AS ON DELETE TO products WHERE old.id < 0 DO INSTEAD NOTHING;
--: enable-replica-rule
ALTER TABLE products ENABLE REPLICA RULE quiet
--: detach-partition-finalize
ALTER TABLE readings DETACH PARTITION readings_2024 FINALIZE
--: tables-of-tablespace
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE other_space
--: foreign-table-options
ALTER FOREIGN TABLE lines OPTIONS (SET filename '/dev/zero')
--: foreign-table-column-options
ALTER FOREIGN TABLE lines ALTER COLUMN line OPTIONS (ADD force_null 'true')
--: foreign-table-add-column
ALTER FOREIGN TABLE lines ADD COLUMN more int NOT NULL
--: drop-foreign-table
DROP FOREIGN TABLE lines
--: create-foreign-data-wrapper
CREATE FOREIGN DATA WRAPPER fresh
--: alter-foreign-data-wrapper
ALTER FOREIGN DATA WRAPPER bare OPTIONS (ADD speed 'slow')
--: create-server
CREATE SERVER fresh FOREIGN DATA WRAPPER bare
--: alter-server
ALTER SERVER files VERSION '2'
--: drop-server-cascade
DROP SERVER files CASCADE
--: import-foreign-schema
IMPORT FOREIGN SCHEMA theirs FROM SERVER files INTO public
--: create-user-mapping
CREATE USER MAPPING FOR clerk SERVER files
--: alter-user-mapping
ALTER USER MAPPING FOR clerk SERVER idle OPTIONS (ADD name 'x')
--: drop-user-mapping
DROP USER MAPPING FOR clerk SERVER idle
--: create-operator-class
CREATE OPERATOR CLASS fresh FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int4, int4)
--: create-operator-family
CREATE OPERATOR FAMILY fresh USING btree
--: alter-operator-family
ALTER OPERATOR FAMILY spare_family USING btree ADD OPERATOR 1 < (int4, int4)
--: alter-operator
ALTER OPERATOR === (int, int) SET (RESTRICT = eqsel)
--: drop-operator
DROP OPERATOR === (int, int)
--: create-access-method
CREATE ACCESS METHOD fresh TYPE INDEX HANDLER bthandler
--: create-conversion
CREATE CONVERSION fresh FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8
--: create-language
CREATE LANGUAGE fresh HANDLER plpgsql_call_handler
--: create-transform
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal))
--: create-text-search-configuration
CREATE TEXT SEARCH CONFIGURATION fresh (COPY = simple)
--: alter-text-search-configuration
ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH english_stem
--: alter-text-search-dictionary
ALTER TEXT SEARCH DICTIONARY stems (ACCEPT = false)
--: alter-collation-refresh
ALTER COLLATION spare_collation REFRESH VERSION
--: alter-database-refresh-collation
ALTER DATABASE postgres REFRESH COLLATION VERSION
--: alter-database-limit
ALTER DATABASE postgres CONNECTION LIMIT 50
--: alter-type-set
ALTER TYPE citext SET (STORAGE = main)
--: disable-event-trigger
ALTER EVENT TRIGGER announcing DISABLE
--: drop-event-trigger
DROP EVENT TRIGGER announcing
--: alter-extension-update
ALTER EXTENSION citext UPDATE
--: alter-extension-add
ALTER EXTENSION citext ADD FUNCTION spare()
--: function-depends-on-extension
ALTER FUNCTION spare() DEPENDS ON EXTENSION citext
--: alter-role
ALTER ROLE clerk NOLOGIN
--: alter-role-set
ALTER ROLE clerk SET work_mem = '8MB'
--: grant-role
GRANT clerk TO postgres
--: alter-tablespace
ALTER TABLESPACE other_space SET (seq_page_cost = 2)
--: drop-tablespace-not-there
DROP TABLESPACE IF EXISTS nothing
--: alter-subscription
CREATE SUBSCRIPTION fresh CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (connect = false, slot_name = NONE); ALTER SUBSCRIPTION fresh SET (synchronous_commit = 'on')
--: drop-subscription
CREATE SUBSCRIPTION fresh CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (connect = false, slot_name = NONE); DROP SUBSCRIPTION fresh
--: alter-view-owner
ALTER VIEW open_orders OWNER TO clerk
--: alter-view-set-schema
CREATE SCHEMA elsewhere; ALTER VIEW open_orders SET SCHEMA elsewhere
--: alter-function-owner
ALTER FUNCTION spare() OWNER TO clerk
--: create-trigger-referencing-rows
CREATE TRIGGER fresh AFTER UPDATE ON orders REFERENCING OLD TABLE AS was NEW TABLE AS now FOR EACH ROW EXECUTE FUNCTION touch()

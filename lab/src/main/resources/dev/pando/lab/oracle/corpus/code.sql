--: setup
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION plus(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM countries WHERE false';
CREATE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY mine ON orders USING (customer_id = 1);
CREATE RULE quiet AS ON DELETE TO products WHERE old.id < 0 DO INSTEAD NOTHING;
CREATE VIEW simple AS SELECT id FROM products;
CREATE VIEW stacked AS SELECT id FROM simple;
CREATE FUNCTION announce() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TABLE with_plus (a int, b int GENERATED ALWAYS AS (plus(a)) STORED);
CREATE STATISTICS order_pairs ON status, quantity FROM orders;
CREATE PUBLICATION news FOR TABLE products;
CREATE MATERIALIZED VIEW bare AS SELECT id, repeat('b', 50) AS b FROM products;
CREATE FUNCTION spare() RETURNS int LANGUAGE sql AS 'SELECT 1';
--: create-trigger
CREATE TRIGGER fresh BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION touch()
--: create-trigger-after-statement
CREATE TRIGGER fresh AFTER INSERT ON orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION touch()
--: create-or-replace-trigger
CREATE OR REPLACE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()
--: create-constraint-trigger
CREATE CONSTRAINT TRIGGER fresh AFTER INSERT ON orders FROM customers FOR EACH ROW EXECUTE FUNCTION touch()
--: create-trigger-on-partitioned
CREATE TRIGGER fresh AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION touch()
--: create-instead-of-trigger
CREATE TRIGGER fresh INSTEAD OF INSERT ON open_orders FOR EACH ROW EXECUTE FUNCTION touch()
--: rename-trigger
ALTER TRIGGER touch_orders ON orders RENAME TO touched
--: drop-trigger
DROP TRIGGER touch_orders ON orders
--: create-event-trigger
CREATE EVENT TRIGGER fresh ON ddl_command_end EXECUTE FUNCTION announce()
--: create-function
CREATE FUNCTION fresh() RETURNS int LANGUAGE sql AS 'SELECT 1'
--: create-function-that-reads
CREATE FUNCTION fresh() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM orders; END
--: replace-function
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'
--: replace-function-of-generated-column
CREATE OR REPLACE FUNCTION plus(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 2'
--: alter-function
ALTER FUNCTION plus(int) STRICT
--: drop-function
DROP FUNCTION spare()
--: drop-function-cascade-to-trigger
DROP FUNCTION touch() CASCADE
--: drop-function-cascade-to-column
DROP FUNCTION plus(int) CASCADE
--: create-procedure
CREATE PROCEDURE fresh() LANGUAGE sql AS 'DELETE FROM orders WHERE false'
--: call-procedure
CALL tidy()
--: create-aggregate
CREATE AGGREGATE fresh(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')
--: do-block
DO 'BEGIN PERFORM 1; END'
--: do-block-with-ddl
DO $$BEGIN ALTER TABLE orders ADD COLUMN extra int; END$$
--: create-policy
CREATE POLICY fresh ON orders FOR SELECT USING (true)
--: create-policy-with-subquery
CREATE POLICY fresh ON orders USING (customer_id IN (SELECT id FROM customers))
--: alter-policy
ALTER POLICY mine ON orders USING (customer_id = 2)
--: rename-policy
ALTER POLICY mine ON orders RENAME TO ours
--: drop-policy
DROP POLICY mine ON orders
--: create-rule
CREATE RULE fresh AS ON UPDATE TO products WHERE old.id < 0 DO INSTEAD NOTHING
--: rename-rule
ALTER RULE quiet ON products RENAME TO silent
--: drop-rule
DROP RULE quiet ON products
--: create-view
CREATE VIEW fresh AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
--: replace-view
CREATE OR REPLACE VIEW simple AS SELECT id FROM products WHERE stock > 0
--: replace-view-add-column
CREATE OR REPLACE VIEW open_orders AS SELECT id, amount, note FROM orders
--: alter-view-set
ALTER VIEW simple SET (security_barrier = true)
--: alter-view-default
ALTER VIEW simple ALTER COLUMN id SET DEFAULT 1
--: rename-view
ALTER VIEW simple RENAME TO plain
--: rename-view-column
ALTER VIEW simple RENAME COLUMN id TO product
--: drop-view
DROP VIEW stacked
--: drop-view-cascade
DROP VIEW simple CASCADE
--: create-matview
CREATE MATERIALIZED VIEW fresh AS SELECT status, count(*) FROM orders GROUP BY status
--: create-matview-no-data
CREATE MATERIALIZED VIEW fresh AS SELECT status, count(*) FROM orders GROUP BY status WITH NO DATA
--: refresh-matview
REFRESH MATERIALIZED VIEW totals
--: refresh-matview-concurrently
REFRESH MATERIALIZED VIEW CONCURRENTLY totals
--: refresh-matview-concurrently-without-key
REFRESH MATERIALIZED VIEW CONCURRENTLY bare
--: refresh-matview-no-data
REFRESH MATERIALIZED VIEW totals WITH NO DATA
--: rename-matview
ALTER MATERIALIZED VIEW totals RENAME TO sums
--: matview-cluster-on
ALTER MATERIALIZED VIEW totals CLUSTER ON totals_customer
--: drop-matview
DROP MATERIALIZED VIEW totals
--: create-sequence
CREATE SEQUENCE fresh
--: create-sequence-owned
CREATE SEQUENCE fresh OWNED BY orders.id
--: alter-sequence-restart
ALTER SEQUENCE tickets RESTART
--: alter-sequence-increment
ALTER SEQUENCE tickets INCREMENT BY 10
--: alter-sequence-type
ALTER SEQUENCE tickets AS int
--: alter-sequence-owned-by
ALTER SEQUENCE tickets OWNED BY orders.id
--: alter-sequence-set-unlogged
ALTER SEQUENCE tickets SET UNLOGGED
--: rename-sequence
ALTER SEQUENCE tickets RENAME TO numbers
--: setval
SELECT setval('tickets', 100)
--: nextval
SELECT nextval('tickets')
--: drop-sequence
DROP SEQUENCE tickets
--: create-schema
CREATE SCHEMA fresh
--: create-schema-with-table
CREATE SCHEMA fresh CREATE TABLE inside (id bigint)
--: rename-schema
CREATE SCHEMA fresh; ALTER SCHEMA fresh RENAME TO old
--: drop-schema-cascade
DROP SCHEMA public CASCADE
--: comment-on-table
COMMENT ON TABLE orders IS 'x'
--: comment-on-column
COMMENT ON COLUMN orders.status IS 'x'
--: comment-on-index
COMMENT ON INDEX orders_pkey IS 'x'
--: comment-on-constraint
COMMENT ON CONSTRAINT orders_pkey ON orders IS 'x'
--: comment-on-function
COMMENT ON FUNCTION plus(int) IS 'x'
--: security-label
SECURITY LABEL ON TABLE orders IS 'x'
--: grant
GRANT SELECT ON orders TO clerk
--: grant-column
GRANT SELECT (status) ON orders TO clerk
--: grant-all-tables
GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk
--: grant-usage-of-schema
GRANT USAGE ON SCHEMA public TO clerk
--: revoke
REVOKE SELECT ON orders FROM clerk
--: default-privileges
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO clerk
--: create-role
CREATE ROLE fresh
--: drop-role
CREATE ROLE fresh; DROP ROLE fresh
--: reassign-owned
REASSIGN OWNED BY clerk TO postgres
--: drop-owned
DROP OWNED BY clerk
--: alter-statistics
ALTER STATISTICS order_pairs SET STATISTICS 500
--: drop-statistics
DROP STATISTICS order_pairs
--: create-publication
CREATE PUBLICATION fresh FOR TABLE orders
--: create-publication-with-filter
CREATE PUBLICATION fresh FOR TABLE orders (id, status) WHERE (id > 5)
--: create-publication-for-schema
CREATE PUBLICATION fresh FOR TABLES IN SCHEMA public
--: create-publication-for-all
CREATE PUBLICATION fresh FOR ALL TABLES
--: publication-add-table
ALTER PUBLICATION news ADD TABLE orders
--: publication-add-partitioned
ALTER PUBLICATION news ADD TABLE events
--: publication-set-table
ALTER PUBLICATION news SET TABLE orders
--: publication-drop-table
ALTER PUBLICATION news DROP TABLE products
--: publication-set-options
ALTER PUBLICATION news SET (publish = 'insert')
--: drop-publication
DROP PUBLICATION news
--: create-extension
CREATE EXTENSION citext
--: drop-extension
DROP EXTENSION plpgsql CASCADE
--: create-foreign-table
CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE lines (line text) SERVER files OPTIONS (filename '/dev/null')

--: setup
CREATE UNLOGGED TABLE scratch (id bigint PRIMARY KEY, note text);
INSERT INTO scratch SELECT g, repeat('s', 50) FROM generate_series(1, 600) g;
CREATE TYPE pair AS (a int, b int);
CREATE TABLE pairs (a int, b int);
CREATE TABLE typed OF pair;
INSERT INTO pairs SELECT g, g FROM generate_series(1, 900) g;
CREATE TABLE bikes (id bigint NOT NULL, wheels int, CONSTRAINT wheels_few CHECK (wheels < 100));
INSERT INTO bikes SELECT g, 2 FROM generate_series(1, 900) g;
CREATE SCHEMA archive;
CREATE RULE quiet AS ON DELETE TO products WHERE old.id < 0 DO INSTEAD NOTHING;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touch_orders BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE INDEX orders_status ON orders (status);
CREATE UNIQUE INDEX products_sku ON products (sku);
CREATE TABLE own_seq (id serial, note text);
--: create-table
CREATE TABLE fresh (id bigint PRIMARY KEY, note text)
--: create-table-if-not-exists-there
CREATE TABLE IF NOT EXISTS orders (id bigint)
--: create-table-references
CREATE TABLE fresh (id bigint PRIMARY KEY, order_id bigint REFERENCES orders)
--: create-table-like
CREATE TABLE fresh (LIKE orders INCLUDING ALL)
--: create-table-inherits
CREATE TABLE trucks (load int) INHERITS (vehicles)
--: create-table-as
CREATE TABLE fresh AS SELECT * FROM orders
--: create-table-as-no-data
CREATE TABLE fresh AS SELECT * FROM orders WITH NO DATA
--: create-temporary-table
CREATE TEMPORARY TABLE fresh (id bigint)
--: create-table-of
CREATE TABLE fresh OF pair
--: select-into
SELECT * INTO fresh FROM orders
--: rename
ALTER TABLE orders RENAME TO purchases
--: rename-partitioned
ALTER TABLE events RENAME TO happenings
--: set-schema
ALTER TABLE orders SET SCHEMA archive
--: set-schema-of-referenced
ALTER TABLE customers SET SCHEMA archive
--: owner
ALTER TABLE orders OWNER TO clerk
--: set-unlogged
ALTER TABLE countries SET UNLOGGED
--: set-logged
ALTER TABLE scratch SET LOGGED
--: set-access-method-same
ALTER TABLE orders SET ACCESS METHOD heap
--: set-access-method-default
ALTER TABLE orders SET ACCESS METHOD DEFAULT
--: set-access-method-of-partitioned
ALTER TABLE events SET ACCESS METHOD heap
--: set-tablespace
ALTER TABLE orders SET TABLESPACE other_space
--: set-tablespace-same
ALTER TABLE orders SET TABLESPACE pg_default
--: set-fillfactor
ALTER TABLE orders SET (fillfactor = 80)
--: reset-fillfactor
ALTER TABLE orders RESET (fillfactor)
--: set-autovacuum
ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.01)
--: set-autovacuum-of-toast
ALTER TABLE orders SET (toast.autovacuum_enabled = false)
--: set-parallel-workers
ALTER TABLE orders SET (parallel_workers = 4)
--: set-user-catalog-table
ALTER TABLE orders SET (user_catalog_table = true)
--: set-toast-tuple-target
ALTER TABLE orders SET (toast_tuple_target = 4000)
--: cluster-on
ALTER TABLE orders CLUSTER ON orders_pkey
--: set-without-cluster
ALTER TABLE orders SET WITHOUT CLUSTER
--: set-without-oids
ALTER TABLE orders SET WITHOUT OIDS
--: replica-identity-full
ALTER TABLE orders REPLICA IDENTITY FULL
--: replica-identity-index
ALTER TABLE products REPLICA IDENTITY USING INDEX products_sku
--: replica-identity-nothing
ALTER TABLE orders REPLICA IDENTITY NOTHING
--: disable-trigger
ALTER TABLE orders DISABLE TRIGGER touch_orders
--: disable-trigger-all
ALTER TABLE orders DISABLE TRIGGER ALL
--: disable-trigger-user
ALTER TABLE orders DISABLE TRIGGER USER
--: enable-trigger
ALTER TABLE orders ENABLE TRIGGER touch_orders
--: enable-trigger-all
ALTER TABLE orders ENABLE TRIGGER ALL
--: enable-trigger-user
ALTER TABLE orders ENABLE TRIGGER USER
--: enable-replica-trigger
ALTER TABLE orders ENABLE REPLICA TRIGGER touch_orders
--: enable-always-trigger
ALTER TABLE orders ENABLE ALWAYS TRIGGER touch_orders
--: disable-rule
ALTER TABLE products DISABLE RULE quiet
--: enable-rule
ALTER TABLE products ENABLE RULE quiet
--: enable-always-rule
ALTER TABLE products ENABLE ALWAYS RULE quiet
--: enable-row-level-security
ALTER TABLE orders ENABLE ROW LEVEL SECURITY
--: disable-row-level-security
ALTER TABLE orders DISABLE ROW LEVEL SECURITY
--: force-row-level-security
ALTER TABLE orders FORCE ROW LEVEL SECURITY
--: no-force-row-level-security
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY
--: inherit
ALTER TABLE bikes INHERIT vehicles
--: no-inherit
ALTER TABLE cars NO INHERIT vehicles
--: of
ALTER TABLE pairs OF pair
--: not-of
ALTER TABLE typed NOT OF
--: drop
DROP TABLE countries
--: drop-if-exists-not-there
DROP TABLE IF EXISTS nothing
--: drop-with-foreign-key
DROP TABLE orders CASCADE
--: drop-that-others-refer-to
DROP TABLE customers CASCADE
--: drop-child
DROP TABLE cars
--: drop-parent-cascade
DROP TABLE vehicles CASCADE
--: drop-partitioned
DROP TABLE events
--: drop-refused-for-view
DROP TABLE orders
--: drop-two
DROP TABLE countries, pairs
--: truncate
TRUNCATE countries
--: truncate-with-foreign-key
TRUNCATE orders
--: truncate-that-others-refer-to
TRUNCATE customers CASCADE
--: truncate-partitioned
TRUNCATE events
--: truncate-one-partition
TRUNCATE events_2024
--: truncate-parent
TRUNCATE vehicles
--: truncate-only-parent
TRUNCATE ONLY vehicles
--: truncate-restart-identity
TRUNCATE own_seq RESTART IDENTITY
--: lock-table
LOCK TABLE orders
--: lock-table-share
LOCK TABLE orders IN SHARE MODE
--: lock-table-of-view
LOCK TABLE open_orders IN SHARE ROW EXCLUSIVE MODE
--: lock-table-partitioned
LOCK TABLE events IN SHARE MODE

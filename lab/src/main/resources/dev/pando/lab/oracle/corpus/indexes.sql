--: setup
CREATE INDEX orders_status ON orders (status);
CREATE UNIQUE INDEX orders_code ON orders (code);
CREATE INDEX readings_value ON readings (value);
CREATE INDEX events_kind ON ONLY events (kind);
CREATE INDEX events_2024_kind ON events_2024 (kind);
CREATE EXTENSION pg_trgm;
CREATE INDEX orders_upper ON orders (upper(status));
--: create-index
CREATE INDEX fresh ON orders (quantity)
--: create-index-if-not-exists-there
CREATE INDEX IF NOT EXISTS orders_status ON orders (status)
--: create-unique-index
CREATE UNIQUE INDEX fresh ON orders (id, quantity)
--: create-index-expression
CREATE INDEX fresh ON orders (lower(status))
--: create-index-partial
CREATE INDEX fresh ON orders (quantity) WHERE quantity > 5
--: create-index-include
CREATE INDEX fresh ON orders (quantity) INCLUDE (status)
--: create-index-hash
CREATE INDEX fresh ON orders USING hash (code)
--: create-index-gin
CREATE INDEX fresh ON orders USING gin (note gin_trgm_ops)
--: create-index-gist
CREATE INDEX fresh ON orders USING gist (note gist_trgm_ops)
--: create-index-brin
CREATE INDEX fresh ON orders USING brin (placed)
--: create-index-spgist
CREATE INDEX fresh ON orders USING spgist (note)
--: create-index-concurrently
CREATE INDEX CONCURRENTLY fresh ON orders (quantity)
--: create-unique-index-concurrently
CREATE UNIQUE INDEX CONCURRENTLY fresh ON orders (id, quantity)
--: create-index-concurrently-fails
CREATE UNIQUE INDEX CONCURRENTLY fresh ON orders (status)
--: create-index-concurrently-gin
CREATE INDEX CONCURRENTLY fresh ON orders USING gin (note gin_trgm_ops)
--: create-index-on-partitioned
CREATE INDEX fresh ON events (customer_id)
--: create-index-on-partitioned-concurrently
CREATE INDEX CONCURRENTLY fresh ON events (customer_id)
--: create-index-on-only-partitioned
CREATE INDEX fresh ON ONLY events (customer_id)
--: create-index-on-one-partition
CREATE INDEX fresh ON events_2024 (customer_id)
--: create-index-on-one-partition-concurrently
CREATE INDEX CONCURRENTLY fresh ON events_2024 (customer_id)
--: create-index-on-matview
CREATE INDEX fresh ON totals (total)
--: create-index-on-parent
CREATE INDEX fresh ON vehicles (wheels)
--: attach-index
ALTER INDEX events_kind ATTACH PARTITION events_2024_kind
--: rename-index
ALTER INDEX orders_status RENAME TO orders_state
--: rename-index-of-key
ALTER INDEX orders_pkey RENAME TO orders_key
--: set-index-fillfactor
ALTER INDEX orders_status SET (fillfactor = 80)
--: reset-index-fillfactor
ALTER INDEX orders_status RESET (fillfactor)
--: set-index-tablespace
ALTER INDEX orders_status SET TABLESPACE other_space
--: set-index-statistics
ALTER INDEX orders_upper ALTER COLUMN 1 SET STATISTICS 500
--: index-depends-on-extension
ALTER INDEX orders_status DEPENDS ON EXTENSION plpgsql
--: drop-index
DROP INDEX orders_status
--: drop-index-if-exists-not-there
DROP INDEX IF EXISTS nothing
--: drop-index-concurrently
DROP INDEX CONCURRENTLY orders_status
--: drop-index-of-partitioned
DROP INDEX readings_value
--: drop-index-of-partitioned-concurrently
DROP INDEX CONCURRENTLY readings_value
--: drop-index-of-constraint
DROP INDEX customers_pkey
--: reindex-index
REINDEX INDEX orders_status
--: reindex-index-concurrently
REINDEX INDEX CONCURRENTLY orders_status
--: reindex-table
REINDEX TABLE orders
--: reindex-table-concurrently
REINDEX TABLE CONCURRENTLY orders
--: reindex-table-of-partitioned
REINDEX TABLE readings
--: reindex-table-of-partitioned-concurrently
REINDEX TABLE CONCURRENTLY readings
--: reindex-index-of-partitioned
REINDEX INDEX readings_value
--: reindex-schema
REINDEX SCHEMA public
--: reindex-schema-concurrently
REINDEX SCHEMA CONCURRENTLY public
--: create-statistics
CREATE STATISTICS fresh (dependencies) ON status, quantity FROM orders
--: create-statistics-expression
CREATE STATISTICS fresh ON (lower(status)) FROM orders

--: setup
CREATE INDEX orders_status ON orders (status);
CREATE TABLE staging (id bigint PRIMARY KEY, status text);
INSERT INTO staging SELECT g, 'new' FROM generate_series(1, 900) g;
ANALYZE;
--: insert
INSERT INTO orders (id, customer_id) VALUES (5000, 1)
--: insert-on-conflict
INSERT INTO orders (id, customer_id) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET status = 'x'
--: insert-select
INSERT INTO staging SELECT id + 5000, status FROM orders
--: update-all
UPDATE orders SET status = 'closed'
--: update-one
UPDATE orders SET status = 'closed' WHERE id = 1
--: update-key-that-others-refer-to
UPDATE customers SET id = id WHERE id = 1
--: update-in-batch
UPDATE orders SET status = 'closed' WHERE id IN (SELECT id FROM orders WHERE status = 'open' ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
--: update-from
UPDATE orders SET status = s.status FROM staging s WHERE s.id = orders.id
--: delete-all
DELETE FROM orders
--: delete-one
DELETE FROM orders WHERE id = 1
--: delete-that-others-refer-to
DELETE FROM customers WHERE id = 100000
--: merge
MERGE INTO orders USING staging s ON orders.id = s.id WHEN MATCHED THEN UPDATE SET status = s.status
--: copy-from
COPY staging FROM STDIN
--: copy-from-freeze
COPY staging FROM STDIN (FREEZE)
--: copy-to
COPY orders TO STDOUT
--: select
SELECT count(*) FROM orders
--: select-for-update
SELECT * FROM orders WHERE id = 1 FOR UPDATE
--: select-for-share
SELECT * FROM orders WHERE id = 1 FOR SHARE
--: explain
EXPLAIN SELECT * FROM orders
--: analyze
ANALYZE orders
--: analyze-column
ANALYZE orders (status)
--: analyze-partitioned
ANALYZE events
--: checkpoint
CHECKPOINT
--: set
SET work_mem = '8MB'
--: set-local
SET LOCAL lock_timeout = '1s'
--: advisory-lock
SELECT pg_advisory_xact_lock(1)
--: notify
NOTIFY news
--: listen
LISTEN news
--: create-database
CREATE DATABASE pando_fresh
--: drop-database-not-there
DROP DATABASE IF EXISTS nothing
--: alter-database-set
ALTER DATABASE postgres SET work_mem = '8MB'
--: alter-system
ALTER SYSTEM SET work_mem = '8MB'
--: create-tablespace
CREATE TABLESPACE fresh LOCATION '/nowhere'
--: create-subscription
CREATE SUBSCRIPTION fresh CONNECTION 'host=127.0.0.1 port=1' PUBLICATION news WITH (connect = false)
--: two-statements
ALTER TABLE orders ADD COLUMN a int; ALTER TABLE customers ADD COLUMN b int
--: begin
BEGIN

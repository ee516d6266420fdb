-- migration
DELETE FROM orders WHERE id = 7; -- fires
DELETE FROM shops WHERE id = 7; -- fires
DELETE FROM regions WHERE id = 7; -- fires
UPDATE orders SET id = 8 WHERE id = 7; -- fires
WITH gone AS (DELETE FROM orders WHERE id = 7 RETURNING id) SELECT * FROM gone; -- fires
UPDATE orders SET note = 'x' WHERE id = 7;
UPDATE regions SET code = 'x' WHERE id = 7;
DELETE FROM items WHERE id = 7;
CREATE TABLE own (order_id bigint REFERENCES orders);
UPDATE shops SET region_id = 8 WHERE id = 7;

-- migration
CREATE INDEX CONCURRENTLY ON items (order_id);
DELETE FROM orders WHERE id = 7;

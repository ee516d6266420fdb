-- migration V1__a.sql
ALTER TABLE orders ADD COLUMN extra int;
UPDATE orders SET extra = amount WHERE id < 1000; -- fires
INSERT INTO customers (id, name) VALUES (1, 'one');

-- migration
ALTER TABLE orders ADD COLUMN extra int;
UPDATE orders SET extra = amount WHERE id < 1000;

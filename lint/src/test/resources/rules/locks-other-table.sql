-- migration
DROP TABLE items; -- fires
DROP TABLE events_2025; -- fires
DROP TABLE children;
ALTER TABLE orders ADD COLUMN extra int;

-- migration
ALTER TABLE items DROP CONSTRAINT items_order_id_fkey; -- fires
DROP TABLE items;

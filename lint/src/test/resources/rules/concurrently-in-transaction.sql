-- migration V1__a.sql
ALTER TABLE orders ADD COLUMN extra int;
CREATE INDEX CONCURRENTLY ON orders (extra); -- fires

-- migration
BEGIN;
DROP INDEX CONCURRENTLY orders_status; -- fires
COMMIT;
DROP INDEX CONCURRENTLY orders_created;

-- migration V2__alone.sql
CREATE INDEX CONCURRENTLY ON orders (amount);

-- migration
ALTER TABLE orders DROP COLUMN note CASCADE; -- fires
-- Nothing hangs on it.
ALTER TABLE orders DROP COLUMN status CASCADE;
DROP TABLE customers CASCADE; -- fires


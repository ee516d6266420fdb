-- migration V1__a.sql
ALTER TABLE orders ADD COLUMN extra int;
CREATE INDEX ON customers (email); -- fires

-- migration
ALTER TABLE orders ADD COLUMN extra int;
CREATE INDEX CONCURRENTLY ON customers (email);

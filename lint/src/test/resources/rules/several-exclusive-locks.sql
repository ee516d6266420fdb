-- migration V1__a.sql
ALTER TABLE orders ADD COLUMN extra int;
ALTER TABLE orders ADD COLUMN another int;
ALTER TABLE customers ADD COLUMN extra int; -- fires

-- migration
ALTER TABLE orders ADD COLUMN extra int;
ALTER TABLE customers ADD COLUMN extra int;

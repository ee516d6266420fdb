-- migration V1__a.sql
ALTER TABLE orders ADD COLUMN extra int;
ALTER TABLE orders ADD COLUMN another int;
ALTER TABLE customers ADD COLUMN extra int; -- fires

-- migration
ALTER TABLE orders ADD COLUMN extra int;
ALTER TABLE customers ADD COLUMN extra int;

-- migration V2__two_schemas.sql
ALTER TABLE orders ADD COLUMN extra int;
ALTER TABLE app.orders ADD COLUMN extra int; -- fires

-- migration V3__two_at_once.sql
DROP TABLE items;
ALTER TABLE customers ADD COLUMN extra int; -- fires
ALTER TABLE accounts ADD COLUMN extra int;

-- migration
ALTER TABLE orders ADD COLUMN extra int;
CREATE INDEX ON orders (amount); -- fires

-- migration
SET statement_timeout = '1min';
CREATE INDEX ON orders (amount);

-- migration
ALTER TABLE orders ADD COLUMN amount int; -- fires
ALTER TABLE orders ADD COLUMN IF NOT EXISTS amount int;

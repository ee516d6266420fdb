-- migration
ALTER TABEL orders ADD COLUMN extra int; -- fires
ALTER TABLE orders ADD COLUMN extra int;

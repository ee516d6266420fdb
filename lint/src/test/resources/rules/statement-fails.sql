-- migration
ALTER TABLE orders ADD COLUMN amount int; -- fires
ALTER TABLE orders ADD COLUMN IF NOT EXISTS amount int;
LOCK TABLE orders; -- fires
SAVEPOINT early; -- fires
DECLARE picked CURSOR FOR SELECT FROM orders; -- fires
DECLARE kept CURSOR WITH HOLD FOR SELECT FROM orders;
DO $$BEGIN LOCK TABLE orders; END$$;
BEGIN;
LOCK TABLE orders;
SAVEPOINT early;
DECLARE picked CURSOR FOR SELECT FROM orders;
COMMIT;

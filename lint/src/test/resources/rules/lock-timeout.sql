-- migration
CREATE INDEX CONCURRENTLY ON orders (amount);
ALTER TABLE orders ADD COLUMN extra int; -- fires
ALTER TABLE orders ADD COLUMN another int;

-- migration
SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN extra int;

-- migration
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN extra int;
COMMIT;
ALTER TABLE orders ADD COLUMN another int; -- fires

-- migration
SET lock_timeout = '2s';
BEGIN;
SET LOCAL lock_timeout = 0;
COMMIT;
ALTER TABLE orders ADD COLUMN extra int;
RESET ALL;
ALTER TABLE orders ADD COLUMN another int; -- fires

-- migration
SET lock_timeout = 0;
ALTER TABLE orders ADD COLUMN extra int; -- fires

-- migration
SELECT set_config('lock_timeout', '2s', false);
ALTER TABLE orders ADD COLUMN extra int;
SELECT set_config('lock_timeout', '0', false);
ALTER TABLE orders ADD COLUMN another int; -- fires

-- migration
BEGIN;
SELECT pg_catalog.set_config('lock_timeout', '2s', true);
ALTER TABLE orders ADD COLUMN extra int;
COMMIT;
ALTER TABLE orders ADD COLUMN another int; -- fires

-- migration
-- pando: allow drop-column nothing reads it any more
ALTER TABLE orders DROP COLUMN status;
/* pando: allow rename it was a rename once */ ALTER TABLE orders ADD COLUMN extra int; -- fires

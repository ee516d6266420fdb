-- migration
/* pando: allow drop-column */ ALTER TABLE orders DROP COLUMN status; -- fires
/* pando: allow drop-column nothing reads it */ ALTER TABLE orders DROP COLUMN amount CASCADE;

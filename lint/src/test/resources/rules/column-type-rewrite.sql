-- migration
ALTER TABLE orders ALTER COLUMN amount TYPE numeric; -- fires
-- Rewritten where TimeZone is not UTC; an index of the column is built anew even there.
ALTER TABLE orders ALTER COLUMN created TYPE timestamptz; -- fires
-- Nothing is written, but the column's CHECK is tried on all rows again.
ALTER TABLE accounts ALTER COLUMN code TYPE varchar(20); -- fires
-- Wider is free.
ALTER TABLE customers ALTER COLUMN email TYPE varchar(200);
ALTER TABLE accounts ALTER COLUMN place TYPE text;

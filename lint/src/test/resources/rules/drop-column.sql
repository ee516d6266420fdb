-- migration
ALTER TABLE orders DROP COLUMN status; -- fires
ALTER TABLE orders DROP CONSTRAINT orders_pkey CASCADE;
CREATE TABLE fresh (a int, b int);
ALTER TABLE fresh DROP COLUMN a;

-- migration
ALTER TABLE orders RENAME COLUMN amount TO total; -- fires
ALTER TABLE items RENAME TO lines; -- fires
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'; -- fires
ALTER INDEX orders_status RENAME TO orders_state;
ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO orders_key;
CREATE TABLE fresh (a int);
ALTER TABLE fresh RENAME a TO b;
ALTER TABLE orders ADD COLUMN draft int;
ALTER TABLE orders RENAME COLUMN draft TO tax;
CREATE TYPE weather AS ENUM ('rain', 'sun');
ALTER TYPE weather RENAME VALUE 'rain' TO 'snow';

-- migration
BEGIN;
ALTER TABLE items RENAME TO lines;
CREATE VIEW items AS SELECT * FROM lines;
COMMIT;

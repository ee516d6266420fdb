-- migration
UPDATE orders SET note = 'none' WHERE note IS NULL; -- fires
DELETE FROM items; -- fires
UPDATE orders SET note = 'none' WHERE id BETWEEN 1 AND 1000;
DELETE FROM items WHERE id IN (SELECT id FROM items ORDER BY id LIMIT 1000);
CREATE TABLE fresh (a int);
UPDATE fresh SET a = 1;

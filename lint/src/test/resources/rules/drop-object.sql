-- migration
DROP TABLE items; -- fires
DROP VIEW order_notes; -- fires
DROP TYPE mood; -- fires
DROP TABLE IF EXISTS never_there;
DROP INDEX CONCURRENTLY orders_status;
CREATE FUNCTION brief(a int) RETURNS int LANGUAGE sql RETURN a;
DROP FUNCTION brief(int);
CREATE TABLE fresh (a int);
DROP TABLE fresh;

-- migration
DROP INDEX orders_status; -- fires
DROP INDEX CONCURRENTLY orders_created;
DROP TABLE items;

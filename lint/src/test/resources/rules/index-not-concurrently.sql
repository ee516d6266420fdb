-- migration
CREATE INDEX ON orders (customer_id); -- fires
CREATE UNIQUE INDEX CONCURRENTLY ON orders (note);
CREATE TABLE fresh (a int);
CREATE INDEX ON fresh (a);

-- migration
ALTER TABLE orders ADD UNIQUE (note); -- fires
ALTER TABLE events_2026 ADD PRIMARY KEY (at); -- fires
CREATE UNIQUE INDEX CONCURRENTLY customers_email ON customers (email);
ALTER TABLE customers ADD CONSTRAINT customers_email UNIQUE USING INDEX customers_email;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD UNIQUE (a);

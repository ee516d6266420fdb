-- migration
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers; -- fires
ALTER TABLE orders ADD CHECK (amount > 0); -- fires
ALTER TABLE orders ADD CONSTRAINT later CHECK (amount > 1) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT later;
-- A foreign key of a column without values: PostgreSQL reads nothing.
ALTER TABLE orders ADD COLUMN parent_id bigint REFERENCES orders;
ALTER TABLE orders ADD COLUMN share int CHECK (share < 100); -- fires
ALTER TABLE orders ADD COLUMN percent int DEFAULT 5 CHECK (percent < 100); -- fires
CREATE TABLE fresh (a bigint);
ALTER TABLE fresh ADD CHECK (a > 0);

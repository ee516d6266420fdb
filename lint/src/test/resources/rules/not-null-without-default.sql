-- migration
ALTER TABLE customers ADD COLUMN country text NOT NULL; -- fires
ALTER TABLE customers ADD COLUMN city text NOT NULL DEFAULT 'Bonn';
ALTER TABLE customers ADD COLUMN number bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD COLUMN b int NOT NULL;

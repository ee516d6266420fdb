-- migration
ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid(); -- fires
ALTER TABLE orders ADD COLUMN number bigserial; -- fires
ALTER TABLE orders ADD COLUMN double int GENERATED ALWAYS AS (amount * 2) STORED; -- fires
ALTER TABLE orders ADD COLUMN size positive; -- fires
ALTER TABLE orders ADD COLUMN constant int DEFAULT 5 NOT NULL;
ALTER TABLE orders ADD COLUMN since timestamptz DEFAULT now();
ALTER TABLE orders ADD COLUMN triple int GENERATED ALWAYS AS (amount * 3) VIRTUAL;

--: setup
CREATE UNIQUE INDEX products_sku ON products (sku);
CREATE UNIQUE INDEX customers_note_part ON customers (id) WHERE id > 0;
CREATE UNIQUE INDEX customers_email ON customers (email);
ALTER TABLE customers ADD CONSTRAINT score_low CHECK (score < 1000) NOT VALID;
ALTER TABLE customers ADD CONSTRAINT score_high CHECK (score >= 0);
ALTER TABLE orders ADD CONSTRAINT orders_product FOREIGN KEY (product_id) REFERENCES products NOT VALID;
CREATE TABLE refunds (id bigint PRIMARY KEY, order_id bigint, product_id bigint, parent_id bigint, at tsrange, region text, note text UNIQUE);
INSERT INTO refunds SELECT g, g % 2000 + 1, g % 600 + 1, NULL, tsrange('2025-01-01', '2025-01-02'), 'r', repeat('x', 40) || g FROM generate_series(1, 700) g;
CREATE TABLE members (id bigint NOT NULL, name text);
INSERT INTO members SELECT g, repeat('m', 40) FROM generate_series(1, 700) g;
CREATE UNIQUE INDEX members_id ON members (id);
CREATE TABLE slots (room int, during int4range);
CREATE UNIQUE INDEX slots_room ON slots (room);
INSERT INTO slots SELECT g, int4range(g, g + 1) FROM generate_series(1, 900) g;
ALTER TABLE events ADD CONSTRAINT event_customer FOREIGN KEY (customer_id) REFERENCES customers;
CREATE TABLE accounts (id bigint, region int, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE accounts_0 PARTITION OF accounts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE accounts_1 PARTITION OF accounts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO accounts SELECT g, g FROM generate_series(1, 1500) g;
CREATE TABLE bookings (id bigint, account_id bigint, CONSTRAINT bookings_account FOREIGN KEY (account_id) REFERENCES accounts);
INSERT INTO bookings SELECT g, g FROM generate_series(1, 900) g;
ALTER TABLE orders ADD CONSTRAINT orders_deferrable UNIQUE (id) DEFERRABLE;
--: setup from 18
ALTER TABLE customers ADD CONSTRAINT region_there NOT NULL region NOT VALID;
ALTER TABLE customers ADD CONSTRAINT score_guess CHECK (score < 2000) NOT ENFORCED;
ALTER TABLE refunds ADD CONSTRAINT refunds_guess FOREIGN KEY (order_id) REFERENCES orders NOT ENFORCED;
ALTER TABLE vehicles ADD CONSTRAINT wheels_there NOT NULL wheels NO INHERIT;
--: add-primary-key
ALTER TABLE members ADD PRIMARY KEY (id)
--: add-primary-key-nullable-column
ALTER TABLE slots ADD PRIMARY KEY (room)
--: add-primary-key-using-index
ALTER TABLE members ADD PRIMARY KEY USING INDEX members_id
--: add-primary-key-using-index-nullable-column
ALTER TABLE slots ADD PRIMARY KEY USING INDEX slots_room
--: add-unique
ALTER TABLE refunds ADD CONSTRAINT refunds_both UNIQUE (order_id, id)
--: add-unique-using-index
ALTER TABLE products ADD CONSTRAINT products_sku_unique UNIQUE USING INDEX products_sku
--: add-unique-using-partial-index
ALTER TABLE customers ADD CONSTRAINT u UNIQUE USING INDEX customers_note_part
--: add-unique-nulls-not-distinct
ALTER TABLE refunds ADD CONSTRAINT refunds_both UNIQUE NULLS NOT DISTINCT (order_id, id)
--: add-unique-deferrable
ALTER TABLE refunds ADD CONSTRAINT refunds_both UNIQUE (order_id, id) DEFERRABLE INITIALLY DEFERRED
--: add-unique-include
ALTER TABLE refunds ADD CONSTRAINT refunds_both UNIQUE (id) INCLUDE (region)
--: add-unique-without-overlaps
CREATE EXTENSION btree_gist; ALTER TABLE slots ADD CONSTRAINT s UNIQUE (room, during WITHOUT OVERLAPS)
--: add-exclude
ALTER TABLE slots ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)
--: add-unique-to-partitioned
ALTER TABLE readings ADD CONSTRAINT r UNIQUE (id, at)
--: add-unique-to-one-partition
ALTER TABLE readings_2024 ADD CONSTRAINT r UNIQUE (id, at)
--: add-primary-key-to-partitioned
ALTER TABLE readings ADD PRIMARY KEY (id, at)
--: add-check
ALTER TABLE refunds ADD CONSTRAINT region_filled CHECK (region <> '')
--: add-check-not-valid
ALTER TABLE refunds ADD CONSTRAINT region_filled CHECK (region <> '') NOT VALID
--: add-check-not-enforced
ALTER TABLE refunds ADD CONSTRAINT region_filled CHECK (region <> '') NOT ENFORCED
--: add-check-no-inherit
ALTER TABLE vehicles ADD CONSTRAINT wheels_any CHECK (wheels > 0) NO INHERIT
--: add-check-to-parent
ALTER TABLE vehicles ADD CONSTRAINT wheels_any CHECK (wheels > 0)
--: add-check-to-parent-not-valid
ALTER TABLE vehicles ADD CONSTRAINT wheels_any CHECK (wheels > 0) NOT VALID
--: add-check-to-partitioned
ALTER TABLE events ADD CONSTRAINT kind_filled CHECK (kind <> '')
--: add-check-to-partitioned-not-valid
ALTER TABLE events ADD CONSTRAINT kind_filled CHECK (kind <> '') NOT VALID
--: validate-check
ALTER TABLE customers VALIDATE CONSTRAINT score_low
--: validate-already-valid
ALTER TABLE customers VALIDATE CONSTRAINT score_high
--: validate-foreign-key
ALTER TABLE orders VALIDATE CONSTRAINT orders_product
--: add-not-null-constraint
ALTER TABLE refunds ADD CONSTRAINT region_there NOT NULL region
--: add-not-null-constraint-not-valid
ALTER TABLE refunds ADD CONSTRAINT region_there NOT NULL region NOT VALID
--: add-not-null-constraint-to-partitioned
ALTER TABLE events ADD CONSTRAINT kind_there NOT NULL kind
--: validate-not-null-constraint
ALTER TABLE customers VALIDATE CONSTRAINT region_there
--: set-not-null-inherit
ALTER TABLE vehicles ALTER CONSTRAINT wheels_there INHERIT
--: add-foreign-key
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (order_id) REFERENCES orders
--: add-foreign-key-not-valid
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (order_id) REFERENCES orders NOT VALID
--: add-foreign-key-not-enforced
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (order_id) REFERENCES orders NOT ENFORCED
--: add-foreign-key-cascade
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE
--: add-foreign-key-deferrable
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (order_id) REFERENCES orders DEFERRABLE INITIALLY DEFERRED
--: add-foreign-key-to-itself
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (parent_id) REFERENCES refunds
--: add-foreign-key-to-partitioned
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (product_id) REFERENCES accounts
--: add-foreign-key-to-partitioned-not-valid
ALTER TABLE refunds ADD CONSTRAINT r FOREIGN KEY (product_id) REFERENCES accounts NOT VALID
--: add-foreign-key-from-partitioned
ALTER TABLE readings ADD CONSTRAINT r FOREIGN KEY (id) REFERENCES orders
--: add-foreign-key-from-partitioned-not-valid
ALTER TABLE readings ADD CONSTRAINT r FOREIGN KEY (id) REFERENCES orders NOT VALID
--: alter-constraint-deferrable
ALTER TABLE orders ALTER CONSTRAINT orders_product DEFERRABLE
--: alter-constraint-enforced
ALTER TABLE refunds ALTER CONSTRAINT refunds_guess ENFORCED
--: alter-constraint-not-enforced
ALTER TABLE orders ALTER CONSTRAINT orders_product NOT ENFORCED
--: alter-check-enforced
ALTER TABLE customers ALTER CONSTRAINT score_guess ENFORCED
--: rename-constraint
ALTER TABLE customers RENAME CONSTRAINT score_high TO score_enough
--: rename-unique-constraint
ALTER TABLE refunds RENAME CONSTRAINT refunds_note_key TO refunds_note_once
--: drop-check
ALTER TABLE customers DROP CONSTRAINT score_high
--: drop-check-of-parent
ALTER TABLE vehicles DROP CONSTRAINT wheels_few
--: drop-unique
ALTER TABLE refunds DROP CONSTRAINT refunds_note_key
--: drop-primary-key
ALTER TABLE refunds DROP CONSTRAINT refunds_pkey
--: drop-primary-key-cascade
ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE
--: drop-foreign-key
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey
--: drop-foreign-key-to-partitioned
ALTER TABLE bookings DROP CONSTRAINT bookings_account
--: drop-foreign-key-from-partitioned
ALTER TABLE events DROP CONSTRAINT event_customer
--: drop-constraint-if-exists-not-there
ALTER TABLE orders DROP CONSTRAINT IF EXISTS nothing
--: set-constraints
SET CONSTRAINTS ALL DEFERRED

--: setup
-- Cases that other linters judge and the other topics have not; docs/linters.md compares.
CREATE EXTENSION citext;
CREATE TABLE words (id bigint, plain text, folded citext, keyed text, folded_keyed citext, low text, v varchar(20), amount numeric(10, 5), wide numeric(10, 5),
    stamp timestamptz(0), clock time, clock0 time(0), span interval, span0 interval(0));
INSERT INTO words SELECT g, 'a', 'a', 'a' || g, 'a' || g, 'a', 'a', 1, 1, '2025-01-01', '10:00', '10:00', '1 day', '1 day' FROM generate_series(1, 700) g;
CREATE INDEX words_keyed ON words (keyed);
CREATE INDEX words_folded_keyed ON words (folded_keyed);
CREATE INDEX words_low ON words (lower(low));
CREATE INDEX words_wide ON words (wide);
CREATE FUNCTION fixed() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$SELECT '{}'::jsonb$$;
CREATE FUNCTION steady() RETURNS jsonb LANGUAGE sql STABLE AS $$SELECT '{}'::jsonb$$;
CREATE FUNCTION whim() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$BEGIN RETURN '{}'; END$$;
CREATE FUNCTION plain_whim() RETURNS jsonb LANGUAGE sql VOLATILE AS $$SELECT '{}'::jsonb$$;
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_code ON orders (code);
ALTER TABLE orders ADD CONSTRAINT quantity_some CHECK (quantity > 0) NOT VALID;
ALTER TABLE products ADD CONSTRAINT stock_there CHECK (stock IS NOT NULL) NOT VALID;
--: add-column-default-immutable-function
ALTER TABLE orders ADD COLUMN extra jsonb DEFAULT fixed()
--: add-column-default-stable-function
ALTER TABLE orders ADD COLUMN extra jsonb DEFAULT steady()
--: add-column-default-volatile-function
ALTER TABLE orders ADD COLUMN extra jsonb DEFAULT whim()
--: add-column-default-volatile-function-that-is-inlined
ALTER TABLE orders ADD COLUMN extra jsonb DEFAULT plain_whim()
--: add-column-default-now-minus-interval
ALTER TABLE orders ADD COLUMN extra timestamptz NOT NULL DEFAULT now() - interval '100 years'
--: add-column-default-array
ALTER TABLE orders ADD COLUMN extra text[] DEFAULT ARRAY['foo', 'bar']::text[]
--: add-column-json
ALTER TABLE orders ADD COLUMN extra json
--: new-column-then-foreign-key
ALTER TABLE orders ADD COLUMN extra bigint; ALTER TABLE orders ADD FOREIGN KEY (extra) REFERENCES products
--: new-column-then-foreign-key-not-valid
ALTER TABLE orders ADD COLUMN extra bigint; ALTER TABLE orders ADD FOREIGN KEY (extra) REFERENCES products NOT VALID
--: foreign-key-not-valid-and-validate
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (product_id) REFERENCES products NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT f
--: check-not-valid-and-validate
ALTER TABLE orders ADD CONSTRAINT f CHECK (quantity > 0) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT f
--: validate-then-set-not-null
ALTER TABLE products VALIDATE CONSTRAINT stock_there; ALTER TABLE products ALTER COLUMN stock SET NOT NULL
--: validate-other-then-set-not-null
ALTER TABLE orders VALIDATE CONSTRAINT quantity_some; ALTER TABLE orders ALTER COLUMN status SET NOT NULL
--: create-table-then-check
CREATE TABLE fresh (id bigint, age int); ALTER TABLE fresh ADD CHECK (age > 25)
--: drop-two-indexes-concurrently
DROP INDEX CONCURRENTLY orders_status, orders_code
--: varchar-to-text-using
ALTER TABLE words ALTER v TYPE text USING v::text
--: varchar-to-varchar-using
ALTER TABLE words ALTER v TYPE varchar(255) USING v::varchar(255)
--: text-to-citext
ALTER TABLE words ALTER plain TYPE citext
--: text-to-citext-indexed
ALTER TABLE words ALTER keyed TYPE citext
--: text-to-citext-indexed-expression
ALTER TABLE words ALTER low TYPE citext
--: citext-to-text
ALTER TABLE words ALTER folded TYPE text
--: citext-to-text-indexed
ALTER TABLE words ALTER folded_keyed TYPE text
--: citext-to-varchar
ALTER TABLE words ALTER folded TYPE varchar
--: citext-to-varchar-limited
ALTER TABLE words ALTER folded TYPE varchar(20)
--: numeric-less-precision
ALTER TABLE words ALTER amount TYPE numeric(9, 5)
--: numeric-more-precision-indexed
ALTER TABLE words ALTER wide TYPE numeric(11, 5)
--: timestamptz-more-precision
ALTER TABLE words ALTER stamp TYPE timestamptz(3)
--: time-less-precision
ALTER TABLE words ALTER clock TYPE time(3)
--: interval-more-precision
ALTER TABLE words ALTER span0 TYPE interval(3)
--: add-exclude-btree
ALTER TABLE words ADD CONSTRAINT once EXCLUDE (id WITH =)
--: two-set-not-null
ALTER TABLE words ALTER plain SET NOT NULL, ALTER low SET NOT NULL

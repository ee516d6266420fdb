-- The schema that all topics begin with. Tables have a few hundred to a few thousand rows, so that reading one shows.
CREATE TABLE customers (
    id bigint PRIMARY KEY, email text NOT NULL, name varchar(40), note text, score int, region text, created timestamp NOT NULL, active boolean);
INSERT INTO customers SELECT g, 'c' || g || '@example.org', 'name ' || g, repeat('n', 40), g % 100, 'r' || g % 5, '2025-01-01', true
    FROM generate_series(1, 600) g;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, product_id bigint, amount numeric(10, 2), status text,
    code varchar(20), quantity int, placed timestamp, note text);
INSERT INTO orders SELECT g, g % 600 + 1, g % 300 + 1, g, 'open', 'code' || g, g % 9 + 1, '2025-01-01', repeat('o', 40)
    FROM generate_series(1, 2000) g;
CREATE TABLE products (id bigint PRIMARY KEY, sku text NOT NULL, price numeric(10, 2), stock int);
INSERT INTO products SELECT g, 'sku' || g, g, g FROM generate_series(1, 600) g;
CREATE TABLE countries (code char(2), name text);
INSERT INTO countries SELECT 'c' || g % 9, repeat('c', 60) FROM generate_series(1, 600) g;

-- Partitioned by time, with a default partition.
CREATE TABLE events (id bigint, at date NOT NULL, kind text, customer_id bigint) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_other PARTITION OF events DEFAULT;
INSERT INTO events SELECT g, '2024-02-01', repeat('e', 40), g % 600 + 1 FROM generate_series(1, 600) g;
INSERT INTO events SELECT g, '2025-02-01', repeat('e', 40), g % 600 + 1 FROM generate_series(1, 600) g;
INSERT INTO events SELECT g, '2020-02-01', repeat('e', 40), g % 600 + 1 FROM generate_series(1, 600) g;
-- The same without a default partition.
CREATE TABLE readings (id bigint, at date NOT NULL, value int) PARTITION BY RANGE (at);
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO readings SELECT g, '2024-02-01', g FROM generate_series(1, 800) g;
INSERT INTO readings SELECT g, '2025-02-01', g FROM generate_series(1, 800) g;

CREATE TABLE vehicles (id bigint PRIMARY KEY, wheels int, CONSTRAINT wheels_few CHECK (wheels < 100));
CREATE TABLE cars (doors int) INHERITS (vehicles);
INSERT INTO vehicles SELECT g, 3 FROM generate_series(1, 800) g;
INSERT INTO cars SELECT g, 4, 5 FROM generate_series(1, 800) g;

CREATE VIEW open_orders AS SELECT id, amount FROM orders WHERE status = 'open';
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(amount) AS total, repeat('t', 100) AS note FROM orders GROUP BY customer_id;
CREATE UNIQUE INDEX totals_customer ON totals (customer_id);
CREATE SEQUENCE tickets;
CREATE ROLE clerk;

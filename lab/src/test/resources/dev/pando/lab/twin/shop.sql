CREATE TYPE status AS ENUM ('new', 'paid', 'sent', 'done', 'lost');
CREATE TABLE regions (id int PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE customers (id bigint PRIMARY KEY, region int REFERENCES regions, email text NOT NULL UNIQUE, name text, born date, vip boolean NOT NULL, credit numeric(10, 2), city text, zip text);
CREATE TABLE products (id int PRIMARY KEY, category int, name text, price numeric, weight float8, discontinued boolean);
CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL REFERENCES customers, status status NOT NULL, created timestamptz NOT NULL, shipped timestamptz, total numeric, note text);
CREATE TABLE items (order_id bigint REFERENCES orders, line int, product int REFERENCES products, quantity int, price numeric, PRIMARY KEY (order_id, line));
INSERT INTO regions SELECT n, 'region ' || n FROM generate_series(1, 40) n;
INSERT INTO customers SELECT n, 1 + (n * n) % 40, 'user' || n || '@example.org', 'Name ' || md5(n::text), date '1950-01-01' + (n * 7919 % 20000), n % 50 = 0,
  CASE WHEN n % 3 = 0 THEN NULL ELSE (n * 31 % 10000) / 7.0 END, 'city ' || (n % 400), lpad((n % 400 * 10 + n % 3)::text, 5, '0') FROM generate_series(1, 12000) n;
INSERT INTO products SELECT n, (n * n) % 25, 'Product ' || md5((n * 3)::text), n * 17 % 5000 / 10.0, n * 0.37, n % 9 = 0 FROM generate_series(1, 2000) n;
INSERT INTO orders SELECT n, 1 + (power((n * 7919 % 40009) / 40009.0, 2) * 11999)::int,
  (ARRAY['done', 'done', 'done', 'done', 'sent', 'sent', 'paid', 'new', 'done', 'lost']::status[])[1 + (n * 13 % 97) % 10],
  timestamptz '2024-01-01 00:00+00' + n * interval '17 min' + (n * 37 % 100) * interval '1 h', CASE WHEN n % 5 = 0 THEN NULL ELSE timestamptz '2024-01-03 00:00+00' + n * interval '17 min' END,
  n * 7 % 3000, repeat('n', n % 40) FROM generate_series(1, 30000) n;
INSERT INTO items SELECT 1 + n / 2, n % 2, 1 + (power((n * 104729::bigint % 50021) / 50021.0, 3) * 1999)::int, 1 + n % 7, n % 500 FROM generate_series(0, 44999) n;
CREATE INDEX orders_customer ON orders (customer);
CREATE INDEX orders_created ON orders (created);
CREATE INDEX orders_open ON orders (created) WHERE status IN ('new', 'paid');
CREATE INDEX orders_status_created ON orders (status, created DESC);
CREATE INDEX orders_day ON orders ((date_trunc('day', created AT TIME ZONE 'UTC')));
CREATE INDEX items_product ON items (product) INCLUDE (quantity);
CREATE INDEX customers_lower ON customers (lower(email));
CREATE INDEX customers_city ON customers (city, zip);
CREATE INDEX customers_vip ON customers (region) WHERE vip;
CREATE INDEX customers_name ON customers (name text_pattern_ops);
CREATE INDEX products_category ON products (category, price);
CREATE INDEX products_hash ON products USING hash (name);
CREATE STATISTICS customers_place (ndistinct, dependencies, mcv) ON city, zip FROM customers;
CREATE STATISTICS orders_month ON (extract(month FROM created AT TIME ZONE 'UTC')), status FROM orders;
CREATE STATISTICS products_tenth ON (price / 10) FROM products;
ANALYZE;
VACUUM regions, customers, orders, products;
DELETE FROM items WHERE order_id % 20 = 0;
INSERT INTO orders SELECT n, 1 + n % 12000, 'new', timestamptz '2025-06-01 00:00+00' + n * interval '1 min', NULL, n % 100, NULL FROM generate_series(30001, 31500) n;

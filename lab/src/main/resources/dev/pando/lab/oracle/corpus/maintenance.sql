--: setup
CREATE INDEX orders_status ON orders (status);
ALTER TABLE products CLUSTER ON products_pkey;
--: vacuum
VACUUM orders
--: vacuum-analyze
VACUUM (ANALYZE) orders
--: vacuum-full
VACUUM FULL orders
--: vacuum-freeze
VACUUM (FREEZE) orders
--: vacuum-no-truncate
VACUUM (TRUNCATE false) orders
--: vacuum-partitioned
VACUUM events
--: vacuum-everything
VACUUM
--: cluster
CLUSTER orders USING orders_status
--: cluster-everything
CLUSTER

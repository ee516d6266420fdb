-- migration
ALTER TABLE accounts SET UNLOGGED; -- fires
CLUSTER orders USING orders_pkey; -- fires
ALTER TABLE orders ADD EXCLUDE USING btree (note WITH =); -- fires
ALTER TABLE orders SET (fillfactor = 90);
CREATE TABLE fresh (a int);
ALTER TABLE fresh SET UNLOGGED;

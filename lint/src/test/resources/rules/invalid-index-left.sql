-- migration
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_amount ON orders (amount); -- fires
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
CREATE INDEX IF NOT EXISTS orders_note ON orders (note);

-- migration
REINDEX TABLE orders; -- fires
REINDEX INDEX orders_status; -- fires
REINDEX TABLE CONCURRENTLY orders;

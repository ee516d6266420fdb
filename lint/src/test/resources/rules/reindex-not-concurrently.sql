-- migration
REINDEX TABLE orders; -- fires
REINDEX INDEX orders_status; -- fires
REINDEX TABLE CONCURRENTLY orders;

-- migration
CREATE INDEX ON events (at);
REINDEX TABLE events; -- fires
REINDEX TABLE CONCURRENTLY events; -- fires
REINDEX TABLE CONCURRENTLY events_2025;
REINDEX INDEX CONCURRENTLY events_at_idx;

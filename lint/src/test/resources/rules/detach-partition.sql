-- migration
ALTER TABLE events DETACH PARTITION events_2025; -- fires

-- migration
ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;

--: setup
CREATE TABLE events_2026 (LIKE events);
INSERT INTO events_2026 SELECT g, '2026-02-01', repeat('e', 40), 1 FROM generate_series(1, 700) g;
CREATE TABLE events_2027 (LIKE events, CONSTRAINT fits CHECK (at >= '2027-01-01' AND at < '2028-01-01'));
INSERT INTO events_2027 SELECT g, '2027-02-01', repeat('e', 40), 1 FROM generate_series(1, 700) g;
CREATE TABLE readings_2026 (LIKE readings);
INSERT INTO readings_2026 SELECT g, '2026-02-01', 1 FROM generate_series(1, 900) g;
CREATE TABLE readings_2027 (LIKE readings, CONSTRAINT fits CHECK (at >= '2027-01-01' AND at < '2028-01-01'));
INSERT INTO readings_2027 SELECT g, '2027-02-01', 1 FROM generate_series(1, 900) g;
CREATE TABLE readings_old (LIKE readings);
INSERT INTO readings_old SELECT g, '2020-02-01', 1 FROM generate_series(1, 900) g;
-- A default partition whose CHECK proves that it has nothing of 2026.
CREATE TABLE logs (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE logs_other PARTITION OF logs DEFAULT;
ALTER TABLE logs_other ADD CONSTRAINT old CHECK (at < '2025-01-01');
INSERT INTO logs SELECT g, '2020-01-01' FROM generate_series(1, 900) g;
CREATE TABLE logs_2026 (LIKE logs, CONSTRAINT fits CHECK (at >= '2026-01-01' AND at < '2027-01-01'));
INSERT INTO logs_2026 SELECT g, '2026-01-01' FROM generate_series(1, 900) g;
-- Partitions with a key, and with foreign keys in both directions.
CREATE TABLE accounts (id bigint PRIMARY KEY, region int) PARTITION BY RANGE (id);
CREATE TABLE accounts_0 PARTITION OF accounts FOR VALUES FROM (0) TO (1000);
CREATE TABLE accounts_5 PARTITION OF accounts FOR VALUES FROM (5000) TO (6000);
INSERT INTO accounts SELECT g, g FROM generate_series(5000, 5900) g;
CREATE TABLE accounts_1 (id bigint PRIMARY KEY, region int);
INSERT INTO accounts_1 SELECT g, g FROM generate_series(1000, 1900) g;
CREATE TABLE accounts_2 (id bigint NOT NULL, region int);
INSERT INTO accounts_2 SELECT g, g FROM generate_series(2000, 2900) g;
INSERT INTO accounts SELECT g, g FROM generate_series(1, 900) g;
CREATE TABLE bookings (id bigint, account_id bigint REFERENCES accounts);
INSERT INTO bookings SELECT g, g FROM generate_series(1, 900) g;
CREATE TABLE payments (id bigint, customer_id bigint REFERENCES customers) PARTITION BY LIST (id);
CREATE TABLE payments_1 PARTITION OF payments FOR VALUES IN (1);
CREATE TABLE payments_2 (id bigint, customer_id bigint);
INSERT INTO payments_2 SELECT 2, g % 600 + 1 FROM generate_series(1, 900) g;
CREATE TABLE payments_3 (id bigint, customer_id bigint REFERENCES customers);
INSERT INTO payments_3 SELECT 3, g % 600 + 1 FROM generate_series(1, 900) g;
--: create-partitioned
CREATE TABLE fresh (id bigint) PARTITION BY HASH (id)
--: create-partition-of
CREATE TABLE readings_2030 PARTITION OF readings FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')
--: create-partition-of-with-default-partition
CREATE TABLE events_2030 PARTITION OF events FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')
--: create-partition-of-with-proven-default-partition
CREATE TABLE logs_2030 PARTITION OF logs FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')
--: create-default-partition
CREATE TABLE readings_other PARTITION OF readings DEFAULT
--: create-partition-of-with-foreign-key
CREATE TABLE payments_9 PARTITION OF payments FOR VALUES IN (9)
--: create-partition-of-referenced
CREATE TABLE accounts_9 PARTITION OF accounts FOR VALUES FROM (9000) TO (10000)
--: attach
ALTER TABLE readings ATTACH PARTITION readings_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
--: attach-with-matching-check
ALTER TABLE readings ATTACH PARTITION readings_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
--: attach-as-default
ALTER TABLE readings ATTACH PARTITION readings_old DEFAULT
--: attach-with-default-partition
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
--: attach-with-matching-check-and-default-partition
ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
--: attach-with-both-checks
ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
--: attach-with-own-index
ALTER TABLE accounts ATTACH PARTITION accounts_1 FOR VALUES FROM (1000) TO (2000)
--: attach-without-own-index
ALTER TABLE accounts ATTACH PARTITION accounts_2 FOR VALUES FROM (2000) TO (3000)
--: attach-with-foreign-key
ALTER TABLE payments ATTACH PARTITION payments_2 FOR VALUES IN (2)
--: attach-with-same-foreign-key
ALTER TABLE payments ATTACH PARTITION payments_3 FOR VALUES IN (3)
--: detach
ALTER TABLE readings DETACH PARTITION readings_2024
--: detach-with-default-partition
ALTER TABLE events DETACH PARTITION events_2024
--: detach-default-partition
ALTER TABLE events DETACH PARTITION events_other
--: detach-with-foreign-key
ALTER TABLE payments DETACH PARTITION payments_1
--: detach-referenced
ALTER TABLE accounts DETACH PARTITION accounts_5
--: detach-concurrently
ALTER TABLE readings DETACH PARTITION readings_2024 CONCURRENTLY
--: detach-concurrently-with-default-partition
ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY
--: detach-concurrently-with-foreign-key
ALTER TABLE payments DETACH PARTITION payments_1 CONCURRENTLY
--: drop-partition
DROP TABLE readings_2024
--: drop-partition-with-default-partition
DROP TABLE events_2024
--: drop-default-partition
DROP TABLE events_other
--: drop-partition-with-foreign-key
DROP TABLE payments_1
--: drop-partitioned-with-foreign-key
DROP TABLE payments
--: drop-partitioned-referenced
DROP TABLE accounts CASCADE
--: set-tablespace-of-partitioned
ALTER TABLE events SET TABLESPACE pg_default
--: alter-one-partition
ALTER TABLE events_2024 ADD CONSTRAINT kind_filled CHECK (kind <> '')
--: set-statistics-of-partitioned
ALTER TABLE events ALTER COLUMN kind SET STATISTICS 100
--: insert-through-parent
INSERT INTO events VALUES (1, '2025-03-01', 'x', 1)
--: move-row-between-partitions
UPDATE readings SET at = '2025-03-01' WHERE at = '2024-02-01'

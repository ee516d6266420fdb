CREATE TABLE devices (id uuid PRIMARY KEY, old int, owner int, model text, tags text[], attributes jsonb, seen inet);
ALTER TABLE devices DROP COLUMN old;
CREATE TABLE owners (id int PRIMARY KEY, plan text, since timestamp, score float4);
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, device uuid NOT NULL, kind smallint, level int, payload text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2025-02-01 00:00+00');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-02-01 00:00+00') TO ('2025-03-01 00:00+00');
CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2025-03-01 00:00+00') TO ('2025-04-01 00:00+00');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE readings (device uuid, n int, value float8, quality "char", PRIMARY KEY (device, n)) PARTITION BY HASH (device);
CREATE TABLE readings_0 PARTITION OF readings FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE readings_2 PARTITION OF readings FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE alarms (id serial PRIMARY KEY, device uuid REFERENCES devices, during tstzrange, severity int);
INSERT INTO owners SELECT n, (ARRAY['free', 'free', 'free', 'pro', 'team'])[1 + n % 5], timestamp '2020-01-01' + n * interval '5 h', n * 13 % 1000 / 10.0 FROM generate_series(1, 1500) n;
INSERT INTO devices SELECT md5(n::text)::uuid, 1 + (n * n) % 1500, 'model ' || n % 30, ARRAY['t' || n % 11, 't' || n % 7, 'u' || n % 200], jsonb_build_object('k', n % 100, 's', 'v' || n % 10),
  ('10.' || n % 4 || '.' || n % 250 || '.1')::inet FROM generate_series(1, 6000) n;
INSERT INTO events SELECT n, timestamptz '2025-01-10 00:00+00' + n * interval '3 min', md5((1 + (n * 7919) % 6000)::text)::uuid, (n * 31 % 101) % 12, CASE WHEN n % 4 = 0 THEN NULL ELSE n % 90 END, md5(n::text)
  FROM generate_series(1, 32000) n;
INSERT INTO readings SELECT md5((1 + n % 6000)::text)::uuid, n / 6000, n * 0.1, CASE WHEN n % 13 = 0 THEN 'b' ELSE 'g' END FROM generate_series(0, 35999) n;
INSERT INTO alarms (device, during, severity) SELECT md5((1 + n * 17 % 6000)::text)::uuid, tstzrange(timestamptz '2025-01-01 00:00+00' + n * interval '1 h', timestamptz '2025-01-01 00:00+00' + (n + n % 50) * interval '1 h'), n % 5
  FROM generate_series(1, 4000) n;
CREATE INDEX events_device ON events (device, at);
CREATE INDEX events_kind ON events (kind) WHERE kind > 8;
CREATE INDEX events_brin ON events USING brin (at);
CREATE INDEX devices_owner ON devices (owner);
CREATE INDEX devices_tags ON devices USING gin (tags);
CREATE INDEX devices_attributes ON devices USING gin (attributes);
CREATE INDEX devices_key ON devices (((attributes ->> 'k')::int));
CREATE INDEX alarms_during ON alarms USING gist (during);
CREATE INDEX alarms_device ON alarms (device, severity);
CREATE INDEX readings_value ON readings (value);
CREATE STATISTICS devices_both ON owner, model FROM devices;
CREATE STATISTICS events_both ON kind, level FROM events;
VACUUM ANALYZE;

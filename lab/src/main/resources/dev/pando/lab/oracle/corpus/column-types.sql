--: setup
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN label AS text;
CREATE DOMAIN short_label AS varchar(40) CHECK (length(VALUE) > 0);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (
    id int PRIMARY KEY, small smallint, whole int, big bigint, plain numeric, narrow numeric(10, 2), v20 varchar(20), v varchar, txt text, c10 char(10),
    ts timestamp, tstz timestamptz, day date, tm time(3), ts3 timestamp(3), iv interval, real4 real, flag int, b bytea, js json, ip inet, net cidr,
    bits varbit(8), arr int[], vs varchar(20)[], raw text);
INSERT INTO t SELECT g, 1, g, g, g, 1, 'v' || g, 'v' || g, 'text' || g, 'c', '2025-01-01', '2025-01-01', '2025-01-01', '10:00', '2025-01-01', '1 day', 1, 1, '\x00', '{}', '10.0.0.1', '10.0.0.0/8', B'1', '{1}', '{a}', '1'
    FROM generate_series(1, 800) g;
CREATE TABLE keyed (id bigint, whole int, v20 varchar(20), txt text, ts timestamp, c10 char(10), narrow numeric(10, 2), net cidr, tstz timestamptz);
INSERT INTO keyed SELECT g, g, 'v' || g, 'text' || g, '2025-01-01', 'c', 1, '10.0.0.0/8', '2025-01-01' FROM generate_series(1, 800) g;
CREATE INDEX keyed_whole ON keyed (whole);
CREATE INDEX keyed_v20 ON keyed (v20);
CREATE INDEX keyed_txt ON keyed (txt);
CREATE INDEX keyed_ts ON keyed (ts);
CREATE INDEX keyed_tstz ON keyed (tstz);
CREATE INDEX keyed_narrow ON keyed (narrow);
CREATE INDEX keyed_net ON keyed (net);
CREATE INDEX keyed_c10 ON keyed (c10);
CREATE TABLE keyed_partly (id bigint, v20 varchar(20));
INSERT INTO keyed_partly SELECT g, repeat('v', 20) FROM generate_series(1, 900) g;
CREATE INDEX keyed_partly_id ON keyed_partly (id) WHERE v20 <> '';
CREATE INDEX keyed_partly_lower ON keyed_partly (lower(v20));
CREATE TABLE checked (id bigint, v20 varchar(20), whole int, ts timestamp, narrow numeric(10, 2),
    CONSTRAINT v20_filled CHECK (v20 <> ''), CONSTRAINT whole_positive CHECK (whole > 0));
INSERT INTO checked SELECT g, 'v' || g, g, '2025-01-01', 1 FROM generate_series(1, 900) g;
CREATE TABLE parent_key (id int PRIMARY KEY, name varchar(10) UNIQUE);
INSERT INTO parent_key SELECT g, 'n' || g FROM generate_series(1, 900) g;
CREATE TABLE child_key (id bigint, parent int REFERENCES parent_key, name varchar(10) REFERENCES parent_key (name));
INSERT INTO child_key SELECT g, g, 'n' || g FROM generate_series(1, 900) g;
CREATE TABLE watched (id int, amount int, v20 varchar(20));
CREATE VIEW watched_amounts AS SELECT amount FROM watched;
CREATE STATISTICS watched_pairs ON id, amount FROM watched;
INSERT INTO watched SELECT g, g, 'v' FROM generate_series(1, 900) g;
CREATE TABLE doubled (whole int, twice int GENERATED ALWAYS AS (whole * 2) STORED);
INSERT INTO doubled SELECT g FROM generate_series(1, 900) g;
--: varchar-wider
ALTER TABLE t ALTER v20 TYPE varchar(40)
--: varchar-narrower
ALTER TABLE t ALTER v20 TYPE varchar(10)
--: varchar-same
ALTER TABLE t ALTER v20 TYPE varchar(20)
--: varchar-to-text
ALTER TABLE t ALTER v20 TYPE text
--: varchar-to-unlimited
ALTER TABLE t ALTER v20 TYPE varchar
--: text-to-varchar
ALTER TABLE t ALTER txt TYPE varchar
--: text-to-varchar-limited
ALTER TABLE t ALTER txt TYPE varchar(100)
--: char-wider
ALTER TABLE t ALTER c10 TYPE char(20)
--: char-to-varchar
ALTER TABLE t ALTER c10 TYPE varchar(10)
--: char-to-text
ALTER TABLE t ALTER c10 TYPE text
--: varchar-collation
ALTER TABLE t ALTER txt TYPE text COLLATE "C"
--: smallint-to-int
ALTER TABLE t ALTER small TYPE int
--: int-to-bigint
ALTER TABLE t ALTER whole TYPE bigint
--: int-to-bigint-of-primary-key
ALTER TABLE t ALTER id TYPE bigint
--: int-to-bigint-indexed
ALTER TABLE keyed ALTER whole TYPE bigint
--: bigint-to-int
ALTER TABLE t ALTER big TYPE int
--: int-to-numeric
ALTER TABLE t ALTER whole TYPE numeric
--: int-to-text
ALTER TABLE t ALTER whole TYPE text
--: text-to-int-using
ALTER TABLE t ALTER raw TYPE int USING raw::int
--: int-to-boolean-using
ALTER TABLE t ALTER flag TYPE boolean USING flag <> 0
--: numeric-wider-precision
ALTER TABLE t ALTER narrow TYPE numeric(12, 2)
--: numeric-other-scale
ALTER TABLE t ALTER narrow TYPE numeric(12, 4)
--: numeric-unlimited
ALTER TABLE t ALTER narrow TYPE numeric
--: numeric-limited
ALTER TABLE t ALTER plain TYPE numeric(20, 2)
--: numeric-wider-indexed
ALTER TABLE keyed ALTER narrow TYPE numeric(12, 2)
--: real-to-double
ALTER TABLE t ALTER real4 TYPE double precision
--: timestamp-to-timestamptz-other-zone
ALTER TABLE t ALTER ts TYPE timestamptz
--: timestamp-to-timestamptz-utc
SET timezone = 'UTC'; ALTER TABLE t ALTER ts TYPE timestamptz
--: timestamp-to-timestamptz-using-utc
SET timezone = 'UTC'; ALTER TABLE t ALTER ts TYPE timestamptz USING ts AT TIME ZONE 'UTC'
--: timestamptz-to-timestamp-other-zone
ALTER TABLE t ALTER tstz TYPE timestamp
--: timestamptz-to-timestamp-utc
SET timezone = 'UTC'; ALTER TABLE t ALTER tstz TYPE timestamp
--: timestamp-to-timestamptz-utc-indexed
SET timezone = 'UTC'; ALTER TABLE keyed ALTER ts TYPE timestamptz
--: timestamp-to-timestamptz-other-zone-indexed
ALTER TABLE keyed ALTER ts TYPE timestamptz
--: timestamptz-to-timestamp-utc-indexed
SET timezone = 'UTC'; ALTER TABLE keyed ALTER tstz TYPE timestamp
--: timestamp-more-precision
ALTER TABLE t ALTER ts3 TYPE timestamp(6)
--: timestamp-less-precision
ALTER TABLE t ALTER ts TYPE timestamp(3)
--: timestamp-unlimited-precision
ALTER TABLE t ALTER ts3 TYPE timestamp
--: time-more-precision
ALTER TABLE t ALTER tm TYPE time(6)
--: date-to-timestamp
ALTER TABLE t ALTER day TYPE timestamp
--: interval-less-precision
ALTER TABLE t ALTER iv TYPE interval(3)
--: cidr-to-inet
ALTER TABLE t ALTER net TYPE inet
--: cidr-to-inet-indexed
ALTER TABLE keyed ALTER net TYPE inet
--: inet-to-cidr
ALTER TABLE t ALTER ip TYPE cidr
--: varbit-wider
ALTER TABLE t ALTER bits TYPE varbit(16)
--: json-to-jsonb
ALTER TABLE t ALTER js TYPE jsonb
--: text-to-enum
ALTER TABLE t ALTER raw TYPE mood USING 'ok'::mood
--: text-to-plain-domain
ALTER TABLE t ALTER txt TYPE label
--: int-to-constrained-domain
ALTER TABLE t ALTER whole TYPE positive
--: varchar-to-constrained-domain
ALTER TABLE t ALTER v20 TYPE short_label
--: array-of-varchar-wider
ALTER TABLE t ALTER vs TYPE varchar(40)[]
--: array-of-varchar-to-text
ALTER TABLE t ALTER vs TYPE text[]
--: varchar-wider-indexed
ALTER TABLE keyed ALTER v20 TYPE varchar(40)
--: varchar-wider-in-partial-and-expression-index
ALTER TABLE keyed_partly ALTER v20 TYPE varchar(40)
--: varchar-to-text-indexed
ALTER TABLE keyed ALTER v20 TYPE text
--: text-to-varchar-indexed
ALTER TABLE keyed ALTER txt TYPE varchar
--: char-to-text-indexed
ALTER TABLE keyed ALTER c10 TYPE text
--: varchar-wider-with-check
ALTER TABLE checked ALTER v20 TYPE varchar(40)
--: varchar-to-text-with-check
ALTER TABLE checked ALTER v20 TYPE text
--: int-to-bigint-with-check
ALTER TABLE checked ALTER whole TYPE bigint
--: key-that-others-refer-to
ALTER TABLE parent_key ALTER id TYPE bigint
--: key-varchar-wider-that-others-refer-to
ALTER TABLE parent_key ALTER name TYPE varchar(20)
--: foreign-key-column
ALTER TABLE child_key ALTER parent TYPE bigint
--: foreign-key-column-varchar-wider
ALTER TABLE child_key ALTER name TYPE varchar(20)
--: column-of-view
ALTER TABLE watched ALTER amount TYPE bigint
--: column-of-statistics
ALTER TABLE watched ALTER id TYPE bigint
--: column-of-generated
ALTER TABLE doubled ALTER whole TYPE bigint
--: of-partitioned
ALTER TABLE events ALTER kind TYPE varchar(100)
--: of-partitioned-to-unlimited
ALTER TABLE events ALTER kind TYPE varchar
--: of-parent
ALTER TABLE vehicles ALTER wheels TYPE bigint
--: with-several-subcommands
ALTER TABLE t ALTER v20 TYPE text, ADD COLUMN extra int DEFAULT 1, ALTER raw SET NOT NULL

CREATE ROLE "policy reader" NOLOGIN;
CREATE SCHEMA app;
CREATE SCHEMA "Odd Name";
CREATE EXTENSION citext SCHEMA app;
CREATE EXTENSION pg_trgm SCHEMA public;
CREATE EXTENSION btree_gist SCHEMA public;
CREATE COLLATION app.nocase (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s fine');
ALTER TYPE app.mood ADD VALUE 'meh' BEFORE 'ok';
CREATE TYPE app.point3 AS (x float8, y float8, "Z" numeric(10, 2), note text COLLATE "C");
CREATE TYPE app.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE DOMAIN app.positive AS int DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE DOMAIN app.code AS varchar(8) COLLATE "C" CHECK (VALUE ~ '^[A-Z]+$');
ALTER DOMAIN app.code ADD CONSTRAINT not_nil CHECK (VALUE <> 'NIL') NOT VALID;
CREATE TEXT SEARCH DICTIONARY app.stems (TEMPLATE = snowball, Language = 'english', StopWords = 'english');
CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION app.words ALTER MAPPING FOR asciiword WITH app.stems, simple;
CREATE FUNCTION app.doubled(n int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5 RETURN n * 2;
CREATE FUNCTION app.noted() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.note := coalesce(NEW.note, '?; $$'); RETURN NEW; END $f$;
CREATE FUNCTION app.lowered(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower(t)';
CREATE FUNCTION app.many(a int DEFAULT 3, VARIADIC b text[] DEFAULT '{}') RETURNS SETOF app.point3 LANGUAGE plpgsql STABLE ROWS 7 SET work_mem = '8MB' AS 'BEGIN RETURN; END';
CREATE PROCEDURE app.act(INOUT n int) LANGUAGE plpgsql AS 'BEGIN n := n + 1; COMMIT; END';
CREATE FUNCTION app.step(total numeric, value numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(total, 0) + coalesce(value, 0)';
CREATE AGGREGATE app.total(numeric) (SFUNC = app.step, STYPE = numeric, INITCOND = '0', COMBINEFUNC = app.step, PARALLEL = SAFE);
CREATE AGGREGATE app.last_by(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE FUNCTION app.near(a app.point3, b app.point3) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs((a).x - (b).x) < 1';
CREATE OPERATOR app.=~= (FUNCTION = app.near, LEFTARG = app.point3, RIGHTARG = app.point3, COMMUTATOR = OPERATOR(app.=~=), RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE FUNCTION app.compare_abs(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT abs(a) - abs(b)';
CREATE FUNCTION app.abs_lt(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a) < abs(b)';
CREATE FUNCTION app.abs_le(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a) <= abs(b)';
CREATE FUNCTION app.abs_eq(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a) = abs(b)';
CREATE FUNCTION app.abs_ge(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a) >= abs(b)';
CREATE FUNCTION app.abs_gt(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a) > abs(b)';
CREATE OPERATOR app.|<| (FUNCTION = app.abs_lt, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.|>|), NEGATOR = OPERATOR(app.|>=|));
CREATE OPERATOR app.|<=| (FUNCTION = app.abs_le, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.|>=|), NEGATOR = OPERATOR(app.|>|));
CREATE OPERATOR app.|=| (FUNCTION = app.abs_eq, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.|=|));
CREATE OPERATOR app.|>=| (FUNCTION = app.abs_ge, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.|<=|), NEGATOR = OPERATOR(app.|<|));
CREATE OPERATOR app.|>| (FUNCTION = app.abs_gt, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.|<|), NEGATOR = OPERATOR(app.|<=|));
CREATE OPERATOR CLASS app.by_abs FOR TYPE int USING btree AS OPERATOR 1 app.|<|, OPERATOR 2 app.|<=|, OPERATOR 3 app.|=|, OPERATOR 4 app.|>=|, OPERATOR 5 app.|>|, FUNCTION 1 app.compare_abs(int, int);
ALTER OPERATOR FAMILY app.by_abs USING btree ADD FUNCTION 2 (int, int) btint4sortsupport(internal);
CREATE FUNCTION app.mood_of(n int) RETURNS app.mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'ok'::app.mood $$;
CREATE CAST (int AS app.mood) WITH FUNCTION app.mood_of(int) AS ASSIGNMENT;
CREATE SEQUENCE app.tickets AS int INCREMENT BY 5 START WITH 10 MAXVALUE 1000 CACHE 3 CYCLE;
CREATE TABLE app.customers (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 2) PRIMARY KEY,
  email app.citext NOT NULL UNIQUE,
  name text COLLATE "C" DEFAULT 'no; name',
  mood app.mood DEFAULT 'ok',
  place app.point3,
  level app.positive,
  code app.code,
  tags text[] DEFAULT '{}'::text[],
  data jsonb,
  document tsvector GENERATED ALWAYS AS (to_tsvector('app.words'::regconfig, coalesce(name, ''))) STORED,
  halved int GENERATED ALWAYS AS (1 + 2) VIRTUAL, -- >= 18
  active tstzrange,
  CONSTRAINT named CHECK (name <> '') NO INHERIT,
  CONSTRAINT not_active EXCLUDE USING gist (active WITH &&) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 80, toast.autovacuum_enabled = off, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE app.customers ADD CONSTRAINT level_low CHECK (level < 100) NOT VALID;
ALTER TABLE app.customers ADD CONSTRAINT code_short CHECK (length(code) < 5) NOT ENFORCED; -- >= 18
ALTER TABLE app.customers ADD CONSTRAINT mood_there NOT NULL mood NOT VALID; -- >= 18
ALTER TABLE app.customers ALTER data SET STORAGE EXTERNAL, ALTER name SET COMPRESSION pglz, ALTER name SET STATISTICS 500, ALTER mood SET (n_distinct = -0.5);
CREATE INDEX lowered ON app.customers (app.lowered(name) text_pattern_ops DESC NULLS LAST, id) INCLUDE (mood) WHERE level > 3;
ALTER INDEX app.lowered ALTER COLUMN 1 SET STATISTICS 77;
CREATE INDEX ON app.customers USING gin (tags) WITH (fastupdate = off);
CREATE INDEX ON app.customers USING gin (name public.gin_trgm_ops);
CREATE INDEX ON app.customers USING gist (active);
CREATE INDEX ON app.customers USING hash (name);
CREATE INDEX ON app.customers USING brin (id) WITH (pages_per_range = 16);
CREATE UNIQUE INDEX codes ON app.customers (code) NULLS NOT DISTINCT;
CREATE INDEX by_abs ON app.customers ((level::int) app.by_abs);
ALTER TABLE app.customers CLUSTER ON customers_pkey, REPLICA IDENTITY USING INDEX customers_email_key;
CREATE STATISTICS app.mood_level (ndistinct, dependencies, mcv) ON mood, level FROM app.customers;
CREATE STATISTICS app.exprs ON lower(name), (level * 2) FROM app.customers;
CREATE STATISTICS app.one_expr ON (id % 10) FROM app.customers;
ALTER STATISTICS app.mood_level SET STATISTICS 250;
CREATE TABLE "Odd Name"."Quoted ""Table""" ("select" int, "Üm" text DEFAULT E'back\\slash', PRIMARY KEY ("select"));
CREATE TABLE app.dropped (a int, b int, c text, d int DEFAULT nextval('app.tickets'), e serial);
ALTER TABLE app.dropped DROP COLUMN b, ADD COLUMN f app.positive DEFAULT app.doubled(4), REPLICA IDENTITY FULL;
INSERT INTO app.dropped (a) VALUES (1), (1);
ALTER SEQUENCE app.tickets OWNED BY app.dropped.d;
CREATE UNLOGGED TABLE app.fast (id uuid DEFAULT gen_random_uuid(), t timestamptz(3) DEFAULT now(), i interval day to second, b bit varying(5), n numeric(12, 4));
CREATE TABLE app.typed OF app.point3 (x WITH OPTIONS NOT NULL DEFAULT 0);
CREATE TABLE app.animals (id int NOT NULL, name text DEFAULT 'x', CONSTRAINT small CHECK (id < 1000));
CREATE TABLE app.dogs (breed text, name text NOT NULL) INHERITS (app.animals);
CREATE TABLE app.strays (place text, id int, name text, CONSTRAINT small CHECK (id < 1000));
ALTER TABLE app.strays ALTER id SET NOT NULL;
ALTER TABLE app.strays INHERIT app.animals;
CREATE TABLE app.puppies (age int) INHERITS (app.dogs, app.strays);
CREATE TABLE app.events (id bigint NOT NULL, at timestamptz NOT NULL, customer bigint, kind text DEFAULT 'none', amount numeric CHECK (amount >= 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
CREATE TABLE app.events_2026 (note text, amount numeric, kind text DEFAULT 'own', customer bigint, at timestamptz NOT NULL, id bigint NOT NULL, CONSTRAINT events_amount_check CHECK (amount >= 0)) PARTITION BY LIST (kind);
ALTER TABLE app.events_2026 DROP COLUMN note;
ALTER TABLE app.events_2026 ADD CONSTRAINT own_fk FOREIGN KEY (customer) REFERENCES app.customers;
ALTER TABLE app.events DROP CONSTRAINT events_pkey;
ALTER TABLE app.events ATTACH PARTITION app.events_2026 FOR VALUES FROM ('2026-01-01 00:00+00') TO (MAXVALUE);
CREATE TABLE app.events_2026_a PARTITION OF app.events_2026 (CHECK (customer > 0)) FOR VALUES IN ('a', NULL) WITH (fillfactor = 70);
CREATE TABLE app.events_2026_rest PARTITION OF app.events_2026 DEFAULT;
CREATE TABLE app.events_old PARTITION OF app.events DEFAULT;
CREATE INDEX events_customer ON app.events (customer);
CREATE INDEX ON app.events USING brin (at);
CREATE INDEX only_parent ON ONLY app.events (kind);
CREATE INDEX only_child ON app.events_2025 (kind);
CREATE UNIQUE INDEX events_key ON app.events (id, at, kind);
ALTER TABLE app.events_2025 ADD CONSTRAINT own_key UNIQUE (id);
ALTER TABLE app.events ADD CONSTRAINT events_customer_fk FOREIGN KEY (customer) REFERENCES app.customers ON DELETE CASCADE;
CREATE TABLE app.hashed (k int PRIMARY KEY, v text) PARTITION BY HASH (k);
CREATE TABLE app.hashed_0 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.hashed_1 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.by_expression (t text, n int) PARTITION BY RANGE (lower(t) COLLATE "C", n);
CREATE TABLE app.refs (id int PRIMARY KEY, k int REFERENCES app.hashed, customer bigint, other int,
  CONSTRAINT deferred FOREIGN KEY (other) REFERENCES app.refs (id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE app.refs ADD CONSTRAINT later FOREIGN KEY (customer) REFERENCES app.customers NOT VALID;
ALTER TABLE app.refs ADD CONSTRAINT unenforced FOREIGN KEY (customer) REFERENCES app.customers NOT ENFORCED; -- >= 18
CREATE TABLE app.numbered (id int GENERATED BY DEFAULT AS IDENTITY, v int) PARTITION BY LIST (v); -- >= 17
CREATE TABLE app.numbered_1 PARTITION OF app.numbered FOR VALUES IN (1); -- >= 17
CREATE TABLE app.temporal (id int, valid daterange, CONSTRAINT temporal_pk PRIMARY KEY (id, valid WITHOUT OVERLAPS)); -- >= 18
CREATE VIEW app.happy WITH (security_barrier = true, check_option = local) AS SELECT id, name AS "Full Name", mood FROM app.customers WHERE mood = 'it''s fine';
ALTER VIEW app.happy ALTER "Full Name" SET DEFAULT 'viewed';
CREATE VIEW app.grouped AS SELECT c.id, c.name, count(*) AS n FROM app.customers c LEFT JOIN app.events e ON e.customer = c.id GROUP BY c.id;
CREATE RECURSIVE VIEW app.counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 5;
SET search_path = app, public;
CREATE RECURSIVE VIEW app.counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 5;
RESET search_path;
CREATE MATERIALIZED VIEW app.totals WITH (fillfactor = 60) AS SELECT customer, sum(amount) AS sum, app.total(amount) AS total FROM app.events GROUP BY customer;
CREATE UNIQUE INDEX ON app.totals (customer);
CREATE MATERIALIZED VIEW app.unfilled AS SELECT * FROM app.totals WITH NO DATA;
CREATE FUNCTION app.of_view(v app.grouped) RETURNS bigint LANGUAGE sql STABLE RETURN (v).n;
CREATE FUNCTION app.reading() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT 1; SELECT count(*) FROM app.grouped; END;
CREATE TABLE app.checked (id int CHECK (app.doubled(id) < 100), r app.customers);
CREATE FUNCTION app.whole(c app.checked) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
ALTER TABLE app.checked ADD CONSTRAINT circular CHECK (app.whole(checked));
CREATE RULE no_delete AS ON DELETE TO app.checked DO INSTEAD NOTHING;
CREATE RULE log AS ON UPDATE TO app.dropped WHERE old.a <> new.a DO ALSO INSERT INTO app.checked (id) VALUES (1);
ALTER TABLE app.dropped DISABLE RULE log;
CREATE TRIGGER noted BEFORE INSERT OR UPDATE OF name ON app.customers FOR EACH ROW WHEN (NEW.name IS NOT NULL) EXECUTE FUNCTION app.noted();
ALTER TABLE app.customers ENABLE ALWAYS TRIGGER noted;
CREATE TRIGGER each BEFORE UPDATE ON app.events FOR EACH ROW EXECUTE FUNCTION app.noted();
ALTER TABLE app.events_2025 DISABLE TRIGGER each;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON app.refs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.noted();
CREATE TRIGGER of_view INSTEAD OF INSERT ON app.happy FOR EACH ROW EXECUTE FUNCTION app.noted();
CREATE POLICY readers ON app.customers FOR SELECT TO "policy reader" USING (level > 1);
CREATE POLICY writers ON app.customers AS RESTRICTIVE USING (true) WITH CHECK (name <> 'root');
ALTER TABLE app.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

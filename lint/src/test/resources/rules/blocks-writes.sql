-- migration
BEGIN;
LOCK TABLE orders IN SHARE MODE;
COMMIT;
ALTER DOMAIN positive ADD CHECK (VALUE < 1000);
-- A constraint trigger is no work in proportion to the table.
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER noted BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION noted();
DO 'DECLARE t text := ''orders''; BEGIN EXECUTE format(''CREATE INDEX ON %I (amount)'', t); END'; -- fires

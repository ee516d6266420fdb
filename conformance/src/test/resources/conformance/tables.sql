CREATE TYPE mood AS ENUM ('calm', 'wild')

CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2) CONSTRAINT price_positive CHECK (price > 0), feeling mood)

CREATE TABLE parts (item int NOT NULL REFERENCES items, part int, note text, PRIMARY KEY (item, part))

CREATE TABLE plain (n int UNIQUE, t text, b bytea, at timestamptz)

CREATE FUNCTION tell(what text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RAISE NOTICE 'told %', what USING DETAIL = 'a detail', HINT = 'a hint';
  RAISE WARNING 'and warned';
  RAISE INFO 'and informed';
  RETURN 1;
END $$

CREATE FUNCTION fail(what text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RAISE EXCEPTION 'failed with %', what USING ERRCODE = 'ZZ123', DETAIL = 'why', HINT = 'how', COLUMN = 'c', TABLE = 't', SCHEMA = 's', CONSTRAINT = 'k', DATATYPE = 'd';
END $$

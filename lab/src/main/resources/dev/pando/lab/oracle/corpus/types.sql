--: setup
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN label AS text;
CREATE DOMAIN limited AS int;
ALTER DOMAIN limited ADD CONSTRAINT small CHECK (VALUE < 1000000) NOT VALID;
CREATE TYPE pair AS (a int, b int);
CREATE TABLE people (id bigint, mood mood, price positive, label label, size limited, pair pair);
INSERT INTO people SELECT g, 'ok', g, 'l', g, (1, 2)::pair FROM generate_series(1, 700) g;
CREATE TABLE more_people (id bigint, label label);
INSERT INTO more_people SELECT g, repeat('l', 30) FROM generate_series(1, 700) g;
CREATE TYPE span AS RANGE (subtype = int4);
--: create-enum
CREATE TYPE colour AS ENUM ('red', 'green')
--: create-composite
CREATE TYPE point3 AS (x int, y int, z int)
--: create-range
CREATE TYPE floats AS RANGE (subtype = float8)
--: create-domain
CREATE DOMAIN fresh AS int CHECK (VALUE > 0)
--: enum-add-value
ALTER TYPE mood ADD VALUE 'happy'
--: enum-add-value-before
ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok'
--: enum-add-value-if-not-exists-there
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'
--: enum-rename-value
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'
--: type-rename
ALTER TYPE mood RENAME TO humour
--: type-owner
ALTER TYPE mood OWNER TO clerk
--: type-set-schema
CREATE SCHEMA elsewhere; ALTER TYPE mood SET SCHEMA elsewhere
--: composite-add-attribute
ALTER TYPE pair ADD ATTRIBUTE c int
--: composite-add-attribute-unused
CREATE TYPE lonely AS (a int); ALTER TYPE lonely ADD ATTRIBUTE b int
--: domain-add-check
ALTER DOMAIN label ADD CONSTRAINT filled CHECK (VALUE <> '')
--: domain-add-check-not-valid
ALTER DOMAIN label ADD CONSTRAINT filled CHECK (VALUE <> '') NOT VALID
--: domain-validate
ALTER DOMAIN limited VALIDATE CONSTRAINT small
--: domain-drop-constraint
ALTER DOMAIN positive DROP CONSTRAINT positive_check
--: domain-rename-constraint
ALTER DOMAIN positive RENAME CONSTRAINT positive_check TO above
--: domain-set-not-null
ALTER DOMAIN label SET NOT NULL
--: domain-drop-not-null
ALTER DOMAIN label DROP NOT NULL
--: domain-set-default
ALTER DOMAIN label SET DEFAULT 'x'
--: domain-drop-default
ALTER DOMAIN label DROP DEFAULT
--: domain-rename
ALTER DOMAIN label RENAME TO caption
--: domain-owner
ALTER DOMAIN label OWNER TO clerk
--: drop-enum-cascade
DROP TYPE mood CASCADE
--: drop-enum-refused
DROP TYPE mood
--: drop-domain-cascade
DROP DOMAIN label CASCADE
--: drop-type-unused
DROP TYPE span
--: create-cast
CREATE CAST (int AS mood) WITH INOUT
--: create-collation
CREATE COLLATION plain (provider = libc, locale = 'C')
--: create-operator
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000101', 'new')

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000101', 'again')

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000101', 'again') ON CONFLICT DO NOTHING

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000101', 'again') ON CONFLICT (id) DO UPDATE SET name = excluded.name, n = 1 RETURNING name, n

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000111', 'a'), ('00000000-0000-0000-0000-000000000112', 'b'), ('00000000-0000-0000-0000-000000000113', 'c'), ('00000000-0000-0000-0000-000000000114', 'd')

INSERT INTO users (name, id) VALUES ('e', '00000000-0000-0000-0000-000000000115'), ('f', '00000000-0000-0000-0000-000000000116'), ('g', '00000000-0000-0000-0000-000000000117') RETURNING id, name

INSERT INTO users (name, id) VALUES ('x', '00000000-0000-0000-0000-000000000121'), ('f', '00000000-0000-0000-0000-000000000116')

SELECT count(*) FROM users

INSERT INTO users (name) VALUES ('no key')

INSERT INTO users (id) VALUES (NULL)

INSERT INTO users (id, nosuch) VALUES ('00000000-0000-0000-0000-000000000122', 1)

INSERT INTO users (id, n) VALUES ('00000000-0000-0000-0000-000000000122', 'x')

-- refused PD3003
INSERT INTO users (id, n) VALUES ('nonsense', 1)

INSERT INTO users (id, small) VALUES ('00000000-0000-0000-0000-000000000122', 40000)

INSERT INTO users (id, code) VALUES ('00000000-0000-0000-0000-000000000122', 'far too long a code')

INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000122', 'positional', 1, 2, 3) RETURNING *

INSERT INTO users SELECT '00000000-0000-0000-0000-000000000123', 'selected'

-- refused PD3001
INSERT INTO users (id, name) SELECT gen_random_uuid(), 'random' FROM generate_series(1, 3)

INSERT INTO messages (id, user_id, body) SELECT 900 + n, id, name FROM users WHERE id = '00000000-0000-0000-0000-000000000122'

INSERT INTO messages (id, user_id, body) SELECT 950, id, name FROM users WHERE n = 2

INSERT INTO messages (id, user_id, body) VALUES (1000, '00000000-0000-0000-0000-000000000001', 'hello') RETURNING user_id, id, body, score

INSERT INTO orders VALUES (7, 100), (8, 100), (9, 100) RETURNING customer, item, paid

INSERT INTO orders (customer, no, price) VALUES (10, 100, 1.005) RETURNING price

INSERT INTO orders (customer, no) VALUES (11, -1)

INSERT INTO orders (customer, no, item) VALUES (11, 101, NULL)

INSERT INTO orders (customer, no) VALUES (12, 102), (13, -1), (14, 103)

SELECT count(*), sum(no) FROM orders

INSERT INTO orders (customer, no, item) VALUES (15, 104, DEFAULT), (16, 105, 'x') RETURNING item

INSERT INTO orders DEFAULT VALUES

-- refused PD3002
INSERT INTO orders (customer, no) VALUES (5 + 5, 107)

-- refused PD3003
INSERT INTO orders (customer, no) VALUES (12345678901234567890, 0)

INSERT INTO counters VALUES ('z', 1) ON CONFLICT (name) DO UPDATE SET total = counters.total + excluded.total RETURNING total

INSERT INTO counters VALUES ('z', 1) ON CONFLICT (name) DO UPDATE SET total = counters.total + excluded.total RETURNING total

-- refused PD3001
INSERT INTO counters (name) VALUES ('q1'), ('q2'), ('q3'), ('z') ON CONFLICT DO NOTHING RETURNING name

INSERT INTO settings VALUES ('d', 'four', 4)

INSERT INTO settings VALUES ('d', 'four', 4)

INSERT INTO settings VALUES ('e', 'five', 5), ('f', 'six', 6) RETURNING *

-- refused PD3014
INSERT INTO settings VALUES ('g', now()::text, 5)

UPDATE settings SET value = 'vier' WHERE key = 'd'

UPDATE settings SET rank = rank + 1 WHERE rank > 4 RETURNING key, rank

SELECT * FROM settings ORDER BY key

DELETE FROM settings WHERE key IN ('e', 'f')

INSERT INTO home VALUES (10, 'ten', NULL), (11, 'eleven', NULL) RETURNING id

UPDATE home SET note = upper(note) WHERE id >= 10 RETURNING *

DELETE FROM home WHERE id >= 10

UPDATE users SET name = 'changed' WHERE id = '00000000-0000-0000-0000-000000000101'

UPDATE users SET name = 'changed' WHERE id = '00000000-0000-0000-0000-000000000101' RETURNING id, name, n

UPDATE users SET name = 'none' WHERE id = '99999999-0000-0000-0000-000000000101' RETURNING id

UPDATE users SET n = coalesce(n, 0) + 1 WHERE active

UPDATE users SET n = n - 1 WHERE n > 10 RETURNING id, n

UPDATE users SET n = 1 / 0 WHERE active

SELECT id, n FROM users ORDER BY id

UPDATE users SET id = '00000000-0000-0000-0000-000000000555' WHERE id = '00000000-0000-0000-0000-000000000101'

UPDATE users SET id = id WHERE id = '00000000-0000-0000-0000-000000000101'

UPDATE users u SET n = m.score FROM messages m WHERE m.user_id = u.id AND u.id = '00000000-0000-0000-0000-000000000007' AND m.id = 1

UPDATE users u SET name = m.body FROM messages m WHERE m.user_id = u.id AND m.id = 1 AND m.score > 8

UPDATE users SET name = (SELECT value FROM settings WHERE key = 'a') WHERE id = '00000000-0000-0000-0000-000000000101' RETURNING name

-- refused PD3001
UPDATE users SET n = (SELECT count(*) FROM users) WHERE id = '00000000-0000-0000-0000-000000000101'

UPDATE users SET (n, small) = (5, 6) WHERE id IN ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000003') RETURNING n, small

UPDATE users SET nosuch = 1

UPDATE users SET amount = 1e20 WHERE n > 0

SELECT count(*), sum(n), sum(amount) FROM users

UPDATE orders SET price = price * 2 WHERE customer = 7 RETURNING no, price

UPDATE orders SET no = -1 WHERE customer = 7

UPDATE orders SET no = no + 1000

UPDATE orders SET item = item || '!' WHERE customer BETWEEN 1 AND 9 RETURNING customer, no, item

DELETE FROM users WHERE id = '00000000-0000-0000-0000-000000000101' RETURNING name

DELETE FROM users WHERE id = '00000000-0000-0000-0000-000000000101'

DELETE FROM users WHERE name = 'selected' RETURNING name

DELETE FROM users WHERE id IN ('00000000-0000-0000-0000-000000000111', '00000000-0000-0000-0000-000000000112', '00000000-0000-0000-0000-000000000113')

DELETE FROM messages m USING users u WHERE u.id = m.user_id AND u.active = false AND m.score < 3

DELETE FROM messages WHERE user_id = '00000000-0000-0000-0000-000000000009'

DELETE FROM messages WHERE score > 100

SELECT count(*), count(score), sum(score) FROM messages

-- with uuid 00000000-0000-0000-0000-000000000201 | text p | int4 5
INSERT INTO users (id, name, n) VALUES (?, ?, ?)

-- with uuid 00000000-0000-0000-0000-000000000202 | uuid 00000000-0000-0000-0000-000000000203 | uuid 00000000-0000-0000-0000-000000000204
INSERT INTO users (id, name) VALUES (?, 'p2'), (?, 'p3'), (?, 'p4') RETURNING id, name

-- with text renamed | uuid 00000000-0000-0000-0000-000000000202
UPDATE users SET name = ? WHERE id = ? RETURNING *

-- with text ren | text renamed
UPDATE users SET name = ? WHERE name = ?

-- with uuid 00000000-0000-0000-0000-000000000204
DELETE FROM users WHERE id = ?

-- with int8 77 | int4 1 | numeric 2.50
INSERT INTO orders (customer, no, price) VALUES (?, ?, ?) RETURNING *

-- with int4 78 | int4 1
INSERT INTO orders (customer, no) VALUES (?, ?) RETURNING *

-- with int8 null | int4 1
INSERT INTO orders (customer, no) VALUES (?, ?) RETURNING *

-- with text 79 | int4 1
INSERT INTO orders (customer, no) VALUES (?::bigint, ?) RETURNING *

-- refused PD3002
MERGE INTO counters c USING (VALUES ('x', 5)) v(name, total) ON c.name = v.name WHEN MATCHED THEN UPDATE SET total = v.total WHEN NOT MATCHED THEN INSERT VALUES (v.name, v.total)

WITH gone AS (DELETE FROM users WHERE id = '00000000-0000-0000-0000-000000000203' RETURNING id) SELECT count(*) FROM gone

WITH more AS (INSERT INTO counters VALUES ('w', 1) RETURNING name) SELECT name FROM more

TRUNCATE counters

SELECT count(*) FROM counters

SELECT id, name, n FROM users ORDER BY id

SELECT * FROM orders ORDER BY customer, no

BEGIN

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000301', 'tx')

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-000000000301'

ROLLBACK

SELECT count(*) FROM users WHERE name = 'tx'

BEGIN

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000301', 'tx')

INSERT INTO users (id, name) VALUES ('00000000-0000-0000-0000-000000000302', 'tx'), ('00000000-0000-0000-0000-000000000303', 'tx'), ('00000000-0000-0000-0000-000000000304', 'tx')

UPDATE users SET n = 9 WHERE name = 'tx'

SELECT count(*), sum(n) FROM users WHERE name = 'tx'

COMMIT

SELECT count(*), sum(n) FROM users WHERE name = 'tx'

BEGIN

SELECT 1 / 0

SELECT 1

INSERT INTO home VALUES (50, 'x')

COMMIT

SELECT count(*) FROM home

BEGIN

UPDATE users SET n = 0

ROLLBACK

SELECT sum(n) FROM users

START TRANSACTION READ ONLY

SELECT count(*) FROM users

DELETE FROM users WHERE id = '00000000-0000-0000-0000-000000000301'

END

BEGIN ISOLATION LEVEL REPEATABLE READ

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-000000000301'

COMMIT

BEGIN

UPDATE users SET n = 1 WHERE id = '00000000-0000-0000-0000-000000000301'

SAVEPOINT s

UPDATE users SET n = 2 WHERE id = '00000000-0000-0000-0000-000000000301'

ROLLBACK TO SAVEPOINT s

SELECT n FROM users WHERE id = '00000000-0000-0000-0000-000000000301'

RELEASE s

COMMIT

ROLLBACK

COMMIT

BEGIN

DELETE FROM users WHERE id = '00000000-0000-0000-0000-000000000301'

COMMIT AND CHAIN

DELETE FROM users WHERE id = '00000000-0000-0000-0000-000000000302'

ROLLBACK AND CHAIN

SELECT count(*) FROM users WHERE name = 'tx'

COMMIT

PREPARE p (int) AS SELECT $1 + 1

EXECUTE p(4)

DEALLOCATE p

EXECUTE p(4)

PREPARE q AS SELECT name FROM users WHERE id = $1

EXECUTE q('00000000-0000-0000-0000-000000000001')

DEALLOCATE ALL

SET application_name = 'compare'

SHOW application_name

SHOW timezone

SET timezone = 'America/New_York'

SELECT id, seen FROM users ORDER BY seen, id LIMIT 3

SELECT seen::date AS day, count(*) FROM users GROUP BY day ORDER BY day

RESET timezone

SET datestyle = 'ISO, DMY'

SELECT id, born FROM users ORDER BY born, id LIMIT 3

SELECT born, count(*) FROM users GROUP BY born ORDER BY born

RESET datestyle

SET extra_float_digits = 0

SELECT min(ratio) FROM users

RESET extra_float_digits

SET nosuch = 1

SHOW nosuch

SET LOCAL statement_timeout = 100

SELECT current_setting('statement_timeout')

SELECT current_user, current_database(), session_user

SET search_path = 'nowhere'

SELECT count(*) FROM users

RESET search_path

SELECT count(*) FROM public.users

DISCARD ALL

SELECT pg_typeof(n) FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

CREATE TABLE home (id int)

CREATE TABLE IF NOT EXISTS home (id int)

ALTER TABLE users ADD COLUMN later int DEFAULT 3

SELECT later, count(*) FROM users GROUP BY later

SELECT * FROM users ORDER BY id LIMIT 2

ALTER TABLE users DROP COLUMN later

SELECT * FROM users ORDER BY id LIMIT 2

ALTER TABLE users ADD COLUMN n int

CREATE INDEX users_n ON users (n)

CREATE INDEX users_n ON users (n)

DROP INDEX users_n

DROP TABLE nosuch

DROP TABLE IF EXISTS nosuch

CREATE VIEW names AS SELECT id, name FROM users

-- refused PD3001
SELECT count(*) FROM names

DROP VIEW names

COMMENT ON TABLE users IS 'people'

SELECT obj_description('users'::regclass)

GRANT SELECT ON users TO nosuch

BEGIN

LOCK TABLE users

COMMIT

EXPLAIN (COSTS OFF) SELECT * FROM settings WHERE key = 'a'

LISTEN x

NOTIFY x

UNLISTEN *

VACUUM home

ANALYZE settings

CHECKPOINT

CREATE TEMP TABLE temporary (id int)

SELECT count(*) FROM temporary

DROP TABLE pg_temp.temporary

-- refused PD3010
DO $$ BEGIN PERFORM 1; END $$

SELECT nextval('nosuch')

CALL nosuch()

CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.body = NEW.body || '!'; RETURN NEW; END $$

CREATE TRIGGER mark BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION mark()

UPDATE messages SET body = 'marked' WHERE score = 3

SELECT user_id, id, body FROM messages WHERE body LIKE '%!' ORDER BY user_id, id

CREATE FUNCTION written(users) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM messages WHERE user_id = $1.id'

CREATE FUNCTION label(users) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name || $1.code'

SELECT u.label FROM users u ORDER BY id

SELECT id, label(u) FROM users u ORDER BY id

-- refused PD3010
SELECT u.written FROM users u WHERE id = '00000000-0000-0000-0000-000000000002'

-- refused PD3010
SELECT (u).written FROM users u

CREATE FUNCTION homes() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM home'

SELECT homes()

SELECT homes(), key FROM settings ORDER BY key

SELECT homes(), id FROM home ORDER BY id

-- refused PD3010
SELECT homes(), id FROM users

CREATE FUNCTION is_body(text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM messages WHERE body = $1)'

CREATE OPERATOR <<!>> (RIGHTARG = text, FUNCTION = is_body)

-- refused PD3010
SELECT id FROM home WHERE <<!>> note

CREATE FUNCTION tally() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note = (SELECT count(*)::text FROM messages); RETURN NEW; END $$

CREATE TRIGGER tally BEFORE INSERT ON home FOR EACH ROW EXECUTE FUNCTION tally()

-- refused PD3010
INSERT INTO home VALUES (70, 'x')

SELECT count(*) FROM home

ALTER TABLE home DISABLE TRIGGER tally

INSERT INTO home VALUES (70, 'x')

CREATE TABLE guests (id int DEFAULT homes(), body text CHECK (is_body(body)))

-- refused PD3010
INSERT INTO guests VALUES (1, 'text 7')

DROP TABLE guests

CREATE TABLE guests (id int DEFAULT homes(), body text)

INSERT INTO guests (body) VALUES ('x') RETURNING id

ALTER TABLE guests ENABLE ROW LEVEL SECURITY

CREATE POLICY mine ON guests USING (is_body(body))

-- refused PD3010
SELECT * FROM guests

CREATE VIEW spoken AS SELECT id, is_body(note) FROM home

-- refused PD3010
SELECT * FROM spoken

DROP FUNCTION is_body(text) CASCADE

SELECT id FROM guests

DROP TABLE guests

DROP FUNCTION mark() CASCADE

DROP FUNCTION tally() CASCADE

DROP FUNCTION written(users)

DROP FUNCTION label(users)

DROP FUNCTION homes()

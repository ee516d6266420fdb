SELECT * FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

SELECT id, name FROM users WHERE id = '00000000-0000-0000-0000-000000000002'::uuid

SELECT name FROM users WHERE id = uuid '00000000-0000-0000-0000-000000000003'

SELECT name FROM users WHERE '00000000-0000-0000-0000-000000000004' = id

SELECT name FROM users u WHERE u.id = CAST('00000000000000000000000000000005' AS uuid) AND n > -100

SELECT name FROM users WHERE id = '{00000000-0000-0000-0000-000000000005}'

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-999999999999'

SELECT name FROM users WHERE id = NULL

SELECT name FROM users WHERE id IS NULL

SELECT count(*) FROM users WHERE id IS NOT NULL

SELECT name FROM users WHERE id IN ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000003')

SELECT name FROM users WHERE id IN ('00000000-0000-0000-0000-000000000001', NULL) ORDER BY id

SELECT name FROM users WHERE id = ANY ('{00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000009}') ORDER BY id

SELECT name FROM users WHERE id = ANY (ARRAY['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000007']::uuid[]) ORDER BY id

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-000000000001' OR id = '00000000-0000-0000-0000-000000000002'

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-000000000001' AND id = '00000000-0000-0000-0000-000000000002'

SELECT name FROM users WHERE NOT id = '00000000-0000-0000-0000-000000000001'

SELECT name FROM users WHERE id = 'nonsense'

SELECT nosuch FROM users

SELECT nosuch FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

SELECT * FROM nosuch

SELECT 1 / 0

SELECT n / 0 FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

SELECT n / 0 FROM users WHERE n IS NOT NULL

SELEC 1

SELECT 1, 'a' AS b, NULL, true, 1.5, now() IS NOT NULL

SELECT 'a' || 'b' AS ab, 7 % 4

SELECT generate_series(1, 5)

SELECT * FROM generate_series(1, 5) g WHERE g > 2

VALUES (1, 'a'), (2, 'b')

TABLE settings

-- ties
SELECT id FROM users ORDER BY n

SELECT id, n FROM users ORDER BY n, id

SELECT id, n FROM users ORDER BY n DESC, id

SELECT id, n FROM users ORDER BY n NULLS FIRST, id DESC

SELECT id, n FROM users ORDER BY n DESC NULLS LAST, id LIMIT 7

SELECT id, n FROM users ORDER BY n DESC NULLS LAST, id LIMIT 7 OFFSET 5

SELECT id, n FROM users ORDER BY n, id OFFSET 30

SELECT id FROM users ORDER BY id LIMIT 0

SELECT id FROM users ORDER BY id OFFSET 100

SELECT id FROM users ORDER BY id LIMIT ALL

SELECT id FROM users ORDER BY id LIMIT NULL OFFSET NULL

SELECT id FROM users ORDER BY id FETCH FIRST 3 ROWS ONLY

-- refused PD3001
-- ties
SELECT n FROM users WHERE n IS NOT NULL ORDER BY n FETCH FIRST 3 ROWS WITH TIES

-- refused PD3001
SELECT id FROM users ORDER BY id LIMIT -1

-- refused PD3001
SELECT id FROM users ORDER BY id LIMIT 2 + 3

SELECT name, id FROM users ORDER BY name, id

SELECT name, id FROM users ORDER BY name COLLATE "C" DESC, id

SELECT name, id FROM users ORDER BY lower(name), id

SELECT id, n + 1 AS next FROM users ORDER BY next, id

SELECT id, n FROM users ORDER BY n + 1, id

SELECT id, n FROM users ORDER BY 2, 1

SELECT id, -n AS n FROM users ORDER BY n, id

SELECT id FROM users ORDER BY name COLLATE "C", id LIMIT 10

SELECT id FROM users ORDER BY n % 3, id

SELECT id, seen FROM users ORDER BY seen DESC, id LIMIT 5

SELECT id, made FROM users ORDER BY made, id LIMIT 5

SELECT id, born FROM users ORDER BY born NULLS FIRST, id

SELECT id, at FROM users ORDER BY at, id

-- refused PD3008
SELECT id, span FROM users ORDER BY span, id

SELECT id, amount FROM users ORDER BY amount, id

SELECT id, ratio FROM users ORDER BY ratio, id

SELECT id, big FROM users ORDER BY big DESC, id

SELECT id, small FROM users ORDER BY small, id

SELECT id, active FROM users ORDER BY active, id

SELECT id, code FROM users ORDER BY code, id

SELECT id, payload FROM users ORDER BY payload, id

SELECT id, other FROM users ORDER BY other, id

-- refused PD3008
SELECT id, tags FROM users ORDER BY tags, id

-- refused PD3008
SELECT id, extra FROM users ORDER BY extra, id

SELECT * FROM users ORDER BY id

SELECT u.* FROM users AS u ORDER BY u.id DESC LIMIT 3

SELECT users.*, 1 AS one FROM users ORDER BY users.id LIMIT 2

SELECT id, id AS again, id FROM users ORDER BY again LIMIT 3

SELECT name AS "Mixed Case" FROM users WHERE n > 0 ORDER BY "Mixed Case", id

SELECT count(*) FROM users

SELECT count(*) AS total, count(n) FROM users WHERE active

SELECT count(*), count(name), count(n), sum(n), min(n), max(n), avg(n) FROM users

SELECT sum(small), avg(small), min(small), max(small) FROM users

SELECT sum(big), min(big), max(big) FROM users WHERE big BETWEEN -1000000000000 AND 1000000000000

SELECT avg(big) FROM users

SELECT sum(big) FROM users

SELECT sum(amount), min(amount), max(amount), avg(amount) FROM users

SELECT sum(weight), avg(weight), min(weight), max(weight) FROM messages

SELECT avg(weight) FROM messages WHERE weight <> 'NaN'

SELECT sum(weight) FROM messages WHERE weight <> 'NaN'

SELECT sum(ratio) FROM users

SELECT avg(ratio) FROM users

SELECT min(ratio), max(ratio) FROM users

SELECT min(name), max(name) FROM users

SELECT min(name COLLATE "C"), max(name COLLATE "C") FROM users

SELECT min(code), max(code) FROM users

SELECT min(born), max(born), min(seen), max(seen), min(made), max(made), min(at), max(at) FROM users

-- refused PD3008
SELECT min(span), max(span) FROM users

-- refused PD3008
SELECT sum(span) FROM users

-- refused PD3008
SELECT avg(span) FROM users

SELECT min(id), max(id) FROM users

SELECT min(payload) FROM users

SELECT bool_and(active), bool_or(active), every(active) FROM users

-- refused PD3001
SELECT bit_and(n), bit_or(n), bit_xor(n) FROM users

-- refused PD3001
SELECT count(DISTINCT n) FROM users

SELECT count(DISTINCT id) FROM users

-- refused PD3001
SELECT sum(DISTINCT n) FROM users

-- refused PD3001
SELECT array_agg(n ORDER BY n) FROM users

-- refused PD3001
SELECT string_agg(name, ',' ORDER BY name, id) FROM users

SELECT jsonb_agg(n) FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

-- refused PD3001
SELECT stddev(n) FROM users

-- refused PD3001
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM users

SELECT count(*) FILTER (WHERE n > 0), sum(n) FILTER (WHERE n < 0) FROM users

-- refused PD3001
SELECT sum(n) + count(*) AS both FROM users

-- refused PD3001
SELECT sum(n) / count(n) FROM users

-- refused PD3001
SELECT max(n) - min(n) AS spread, avg(n)::numeric(10,3) FROM users

-- refused PD3001
SELECT coalesce(sum(n), 0) FROM users WHERE n > 1000

SELECT sum(n), count(*), avg(n), min(name) FROM users WHERE n > 1000

SELECT avg(n) FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

SELECT active, count(*) FROM users GROUP BY active

SELECT active, count(*) FROM users GROUP BY active ORDER BY active

SELECT active, count(*) FROM users GROUP BY active ORDER BY count(*) DESC, active

-- refused PD3001
SELECT active, count(*) AS c FROM users GROUP BY active HAVING count(*) > 10 ORDER BY c

SELECT count(*) FROM users GROUP BY active ORDER BY 1

SELECT small, active, sum(n), avg(amount) FROM users GROUP BY small, active ORDER BY small, active

SELECT small, active, sum(n) FROM users GROUP BY 1, 2 ORDER BY 3, 1, 2 LIMIT 4 OFFSET 1

SELECT n % 3 AS rest, count(*) FROM users GROUP BY n % 3 ORDER BY rest

SELECT n % 3, count(*) FROM users GROUP BY 1 ORDER BY 1

SELECT lower(name), count(*) FROM users GROUP BY lower(name) ORDER BY 1

-- refused PD3001
SELECT name, min(n) FROM users GROUP BY name ORDER BY name COLLATE "C"

SELECT ratio, count(*) FROM users GROUP BY ratio ORDER BY ratio

SELECT weight, count(*) FROM messages GROUP BY weight ORDER BY weight

-- refused PD3008
SELECT span, count(*) FROM users GROUP BY span ORDER BY span

SELECT amount, count(*) FROM users GROUP BY amount ORDER BY amount

SELECT date_trunc('month', seen) AS month, count(*), max(n) FROM users GROUP BY month ORDER BY month

SELECT id, count(*) FROM users GROUP BY id ORDER BY id LIMIT 5

SELECT user_id, count(*), sum(score) FROM messages GROUP BY user_id ORDER BY count(*) DESC, user_id

SELECT user_id, max(made) FROM messages GROUP BY user_id HAVING max(score) > 5 ORDER BY user_id

SELECT user_id, count(*), array_agg(id ORDER BY id) FROM messages GROUP BY user_id ORDER BY user_id

SELECT user_id, kind, count(DISTINCT score) FROM messages GROUP BY user_id, kind ORDER BY user_id, kind

-- refused PD3001
SELECT active, count(*) FROM users GROUP BY ROLLUP (active) ORDER BY active

-- refused PD3001
SELECT active, small, count(*) FROM users GROUP BY CUBE (active, small) ORDER BY 1, 2, 3

-- refused PD3001
SELECT sum(n) FROM users HAVING sum(n) > 100000

-- refused PD3001
SELECT count(*) FROM users HAVING count(*) > 1

-- refused PD3001
SELECT active FROM users GROUP BY active HAVING bool_or(n > 0)

SELECT DISTINCT active FROM users

SELECT DISTINCT active FROM users ORDER BY active DESC

SELECT DISTINCT small, active FROM users ORDER BY small, active LIMIT 5

SELECT DISTINCT n % 2 FROM users

SELECT DISTINCT weight FROM messages

SELECT DISTINCT ratio FROM users

-- refused PD3008
SELECT DISTINCT span FROM users

-- refused PD3001
SELECT DISTINCT ON (active) active, id FROM users ORDER BY active, id

SELECT DISTINCT ON (id) id, name FROM users ORDER BY id

-- refused PD3001
SELECT DISTINCT count(*) FROM users GROUP BY active

SELECT DISTINCT name COLLATE "C" FROM users ORDER BY 1

SELECT u.name, m.body FROM users u JOIN messages m ON m.user_id = u.id WHERE u.id = '00000000-0000-0000-0000-000000000007'

SELECT u.name, m.body FROM users u JOIN messages m ON m.user_id = u.id WHERE m.user_id = '00000000-0000-0000-0000-000000000007'

SELECT u.name, m.body FROM users u, messages m WHERE m.user_id = u.id AND u.n > 0 ORDER BY u.id, m.id

SELECT u.id, count(m.id) FROM users u LEFT JOIN messages m ON m.user_id = u.id GROUP BY u.id ORDER BY u.id

SELECT u.id, count(m.id) FROM users u LEFT JOIN messages m ON m.user_id = u.id AND m.score > 5 GROUP BY u.id ORDER BY 2 DESC, 1 LIMIT 10

SELECT count(*) FROM messages m RIGHT JOIN users u ON u.id = m.user_id

SELECT count(*) FROM users u FULL JOIN messages m ON u.id = m.user_id

SELECT count(*) FROM users JOIN messages ON users.id = messages.user_id

-- refused PD3006
SELECT count(*) FROM users u JOIN messages m ON m.user_id <> u.id

-- refused PD3006
SELECT count(*) FROM users u, messages m

SELECT count(*) FROM users u CROSS JOIN settings s

-- refused PD3006
SELECT count(*) FROM users u JOIN users v ON v.id = u.other

SELECT u.id, v.name FROM users u JOIN users v ON v.id = u.id ORDER BY 1 LIMIT 4

SELECT m.id, s.value FROM messages m JOIN settings s ON s.key = m.kind ORDER BY m.user_id, m.id

SELECT s.key, count(m.id) FROM messages m JOIN settings s ON s.key = m.kind GROUP BY s.key ORDER BY s.key

-- refused PD3001
SELECT s.key, count(m.id) FROM settings s LEFT JOIN messages m ON s.key = m.kind GROUP BY s.key ORDER BY s.key

SELECT m.id, s.value FROM messages m LEFT JOIN settings s ON s.key = m.kind ORDER BY m.user_id, m.id

-- refused PD3005
SELECT count(*) FROM home h JOIN users u ON u.id = h.user_id

SELECT h.note, s.value FROM home h JOIN settings s ON s.rank = h.id ORDER BY h.id

SELECT * FROM home ORDER BY id

SELECT count(*), sum(id) FROM home

SELECT note, row_number() OVER (ORDER BY id) FROM home ORDER BY id

SELECT * FROM settings ORDER BY key

SELECT count(*) FROM settings

SELECT * FROM settings WHERE key = 'a'

SELECT a.key FROM settings a JOIN settings b ON a.rank < b.rank

-- refused PD3006
SELECT * FROM users u JOIN messages m USING (id)

SELECT o.customer, sum(o.price) FROM orders o GROUP BY o.customer ORDER BY o.customer

SELECT * FROM orders WHERE customer = 7 ORDER BY no

SELECT * FROM orders WHERE customer = 7.0 ORDER BY no

SELECT * FROM orders WHERE customer = '7' ORDER BY no

SELECT * FROM orders WHERE customer = -1 ORDER BY no

SELECT * FROM orders WHERE customer = 3 + 4 ORDER BY no

SELECT * FROM orders WHERE customer + 0 = 7 ORDER BY no

SELECT * FROM orders WHERE customer IN (1, 2, 3, 99) ORDER BY customer, no

SELECT * FROM orders WHERE customer BETWEEN 3 AND 5 ORDER BY customer, no

SELECT * FROM orders WHERE (customer, no) = (7, 0)

SELECT * FROM orders WHERE (customer, no) IN ((7, 0), (8, 0)) ORDER BY customer

SELECT * FROM orders WHERE customer = 99999999999999999999

SELECT * FROM orders WHERE customer = 'x'

SELECT * FROM orders WHERE customer = 0x7 ORDER BY no

SELECT item, sum(price) AS total, count(*) FILTER (WHERE paid) FROM orders GROUP BY item ORDER BY total DESC NULLS LAST

-- refused PD3006
SELECT count(*) FROM orders o JOIN users u ON u.n = o.customer

SELECT * FROM counters WHERE name = 'x'

SELECT * FROM counters WHERE name = ''

SELECT * FROM counters WHERE name = E'\u00e9'

SELECT * FROM counters WHERE name = 'X'

SELECT * FROM counters WHERE name LIKE 'x%'

SELECT * FROM counters WHERE name = $$y$$

SELECT * FROM counters WHERE name = U&'\00e9'

SELECT * FROM counters WHERE lower(name) = 'x'

-- refused PD3001
SELECT (SELECT count(*) FROM users)

SELECT name, (SELECT count(*) FROM messages m WHERE m.user_id = u.id) FROM users u ORDER BY id

-- refused PD3001
SELECT name, (SELECT count(*) FROM messages m) FROM users u ORDER BY id

SELECT name FROM users u WHERE EXISTS (SELECT 1 FROM messages m WHERE m.user_id = u.id) ORDER BY id

SELECT name FROM users u WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.user_id = u.id) ORDER BY id

SELECT name FROM users u WHERE id IN (SELECT user_id FROM messages WHERE score > 8) ORDER BY id

-- refused PD3001
SELECT name FROM users u WHERE n > (SELECT avg(n) FROM users) ORDER BY id

SELECT name FROM users u WHERE n > (SELECT max(rank) FROM settings) ORDER BY id

SELECT count(*) FROM users u WHERE name IN (SELECT key FROM settings)

SELECT * FROM (SELECT id, n FROM users WHERE n > 0) t ORDER BY n, id

-- refused PD3001
SELECT count(*) FROM (SELECT DISTINCT active FROM users) t

-- refused PD3001
SELECT max(c) FROM (SELECT user_id, count(*) AS c FROM messages GROUP BY user_id) t

-- refused PD3001
SELECT * FROM (SELECT id FROM users ORDER BY id LIMIT 3) t ORDER BY id

-- refused PD3001
SELECT * FROM (SELECT id FROM users LIMIT 3) t WHERE id = '00000000-0000-0000-0000-000000000001'

-- refused PD3001
WITH t AS (SELECT id, n FROM users WHERE n > 0) SELECT * FROM t ORDER BY n, id

-- refused PD3001
WITH t AS (SELECT count(*) AS c FROM users) SELECT c FROM t

WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 5) SELECT sum(i) FROM t

WITH t AS (SELECT * FROM users WHERE id = '00000000-0000-0000-0000-000000000001') SELECT name FROM t

-- refused PD3001
SELECT id FROM users UNION SELECT user_id FROM messages ORDER BY 1

-- refused PD3001
SELECT n FROM users UNION ALL SELECT score FROM messages

-- refused PD3001
SELECT id FROM users EXCEPT SELECT user_id FROM messages

SELECT key FROM settings UNION SELECT note FROM home ORDER BY 1

SELECT 1 UNION SELECT 2 ORDER BY 1

-- refused PD3001
SELECT id, row_number() OVER (ORDER BY n, id) FROM users ORDER BY id

SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY id) FROM messages ORDER BY user_id, id

SELECT id, sum(n) OVER () FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

SELECT name FROM users WHERE n > 0 LIMIT 0

-- refused PD3001
SELECT count(*) FROM (SELECT 1 FROM users LIMIT 5) t

-- refused PD3001
SELECT name FROM users TABLESAMPLE SYSTEM (100) ORDER BY id

SELECT name FROM ONLY users ORDER BY id

SELECT ctid IS NOT NULL FROM users WHERE id = '00000000-0000-0000-0000-000000000001'

SELECT id FROM users ORDER BY random() LIMIT 0

SELECT case when n > 0 then 'pos' when n < 0 then 'neg' else 'nil' end AS sign, count(*) FROM users GROUP BY 1 ORDER BY 1

SELECT extract(year FROM born) AS y, count(*) FROM users GROUP BY y ORDER BY y

SELECT id FROM users WHERE name ILIKE 'a%' ORDER BY id

SELECT id FROM users WHERE extra @> '{"a": 1}' ORDER BY id

SELECT id FROM users WHERE 'a' = ANY (tags) ORDER BY id

SELECT id, extra ->> 'a' FROM users WHERE extra ? 'a' ORDER BY id

SELECT id FROM users WHERE (n, big) > (0, 0) ORDER BY id

-- refused PD3001
SELECT id FROM users FOR UPDATE

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-000000000001' FOR UPDATE

SELECT name FROM users WHERE id = '00000000-0000-0000-0000-000000000001' FOR SHARE NOWAIT

-- with uuid 00000000-0000-0000-0000-000000000001
SELECT * FROM users WHERE id = ?

-- with uuid null
SELECT * FROM users WHERE id = ?

-- with text 00000000-0000-0000-0000-000000000001
SELECT name FROM users WHERE id = ?::uuid

-- with unknown 00000000-0000-0000-0000-000000000001
SELECT name FROM users WHERE id = ?

-- with text 00000000-0000-0000-0000-000000000001
SELECT name FROM users WHERE id = ?

-- with uuid 00000000-0000-0000-0000-000000000001 | uuid 00000000-0000-0000-0000-000000000002
SELECT name FROM users WHERE id IN (?, ?) ORDER BY id

-- with uuid[] 00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002,00000000-0000-0000-0000-000000000003
SELECT name FROM users WHERE id = ANY (?) ORDER BY id

-- with int4 7
SELECT * FROM orders WHERE customer = ? ORDER BY no

-- with int8 7
SELECT * FROM orders WHERE customer = ? ORDER BY no

-- with int8 7 | int4 0
SELECT * FROM orders WHERE customer = ? AND no >= ? ORDER BY no

-- with numeric 7
SELECT * FROM orders WHERE customer = ? ORDER BY no

-- with float8 7
SELECT * FROM orders WHERE customer = ? ORDER BY no

-- with text x
SELECT * FROM counters WHERE name = ?

-- with text é
SELECT * FROM counters WHERE name = ?

-- with int4 0 | int4 5
SELECT id, n FROM users WHERE n > ? ORDER BY n, id LIMIT ?

-- with int8 3 | int8 4
SELECT id FROM users ORDER BY id LIMIT ? OFFSET ?

-- with int4 null
SELECT id FROM users ORDER BY id LIMIT ?

-- with int4 -1
SELECT id FROM users ORDER BY id LIMIT ?

-- with int4 2
SELECT n % ?, count(*) FROM users WHERE n IS NOT NULL GROUP BY 1 ORDER BY 1

-- with int4 0
SELECT sum(n), avg(n) FROM users WHERE n > ?

-- with numeric 1.50 | text Ann
SELECT id, amount * ? FROM users WHERE name = ? ORDER BY id

-- with bool true
SELECT count(*) FROM users WHERE active = ?

-- with date 2010-01-01
SELECT count(*) FROM users WHERE born > ?

-- with interval 1 day
SELECT count(*) FROM users WHERE span >= ?

SELECT count(*) FROM orders WHERE customer = +7

SELECT count(*) FROM orders WHERE customer = -(5)

SELECT count(*) FROM orders WHERE customer = - -7

SELECT count(*) FROM orders WHERE customer = 6 + 1

SELECT id FROM users LIMIT -1

SELECT id FROM users ORDER BY id LIMIT 3 OFFSET -1

SELECT n, count(*) FROM users GROUP BY n ORDER BY n LIMIT -2

-- with int4 -1 | int4 2
SELECT id FROM users ORDER BY id LIMIT ? OFFSET ?

-- with int4 2 | int4 -1
SELECT id FROM users ORDER BY id LIMIT ? OFFSET ?

-- with int4 -1
SELECT id FROM users ORDER BY id OFFSET ?

SELECT current_setting('jit') AS cur, set_config('jit', 'off', false) AS new

SHOW jit

SELECT set_config('jit', 'on', false), current_setting('jit') IS NULL

SHOW jit

-- with text app.tenant | text 42 | bool false
SELECT set_config(?, ?, ?)

SELECT current_setting('app.tenant'), count(*) FROM users GROUP BY 1

-- with text app.tenant | text 43 | bool true
SELECT set_config(?, ?, ?)

SELECT current_setting('app.tenant')

BEGIN

-- with text app.tenant | text 44 | bool true
SELECT set_config(?, ?, ?)

SELECT current_setting('app.tenant'), count(*) FROM users GROUP BY 1

COMMIT

SELECT current_setting('app.tenant')

SELECT set_config('app.tenant', NULL, false)

SELECT current_setting('app.tenant')

-- refused PD3009
SELECT set_config('client_encoding', 'latin1', false)

-- with text client_encoding | text latin1 | bool false
-- refused PD3009
SELECT set_config(?, ?, ?)

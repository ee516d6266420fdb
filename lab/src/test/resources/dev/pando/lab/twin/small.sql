CREATE TABLE t (id bigint PRIMARY KEY, a int, b text);
INSERT INTO t SELECT n, n % 10, md5(n::text) FROM generate_series(1, 100) n;
ANALYZE t;

INSERT INTO items VALUES (1, 'item 1', 1.5, 'calm')

INSERT INTO items VALUES (2, 'item 2', 3.0, NULL)

INSERT INTO items VALUES (3, 'item 3', 4.5, 'wild')

INSERT INTO parts VALUES (1, 1, 'one'), (1, 2, 'two'), (1, 3, 'three'), (1, 4, NULL), (1, 5, 'five')

INSERT INTO plain SELECT n, 'text ' || n, decode('00ff', 'hex'), '2026-11-21 12:00:00+00' FROM generate_series(1, 10) n

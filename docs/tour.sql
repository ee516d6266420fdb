CREATE TABLE users (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE messages (user_id uuid NOT NULL REFERENCES users, sent timestamp NOT NULL, body text, PRIMARY KEY (user_id, sent));
SELECT pando.distribute('users', 'id');
SELECT pando.distribute('messages', 'user_id', colocate_with => 'users');
INSERT INTO users VALUES
  ('6f1c0a52-0d64-4e0e-9f6d-1b8c2f3a4d01', 'Ada'), ('b0a7e3c4-57f2-4c1b-8a55-92d40c7e6f02', 'Edgar'),
  ('1d9e8f70-3c2b-4a19-b807-6e5d4c3b2a03', 'Grace'), ('e47d5b36-1f80-49a2-9c6e-0a1b2c3d4e04', 'Jim') RETURNING name;
EXPLAIN (PANDO) SELECT name FROM users WHERE id = 'b0a7e3c4-57f2-4c1b-8a55-92d40c7e6f02';
SELECT name FROM users WHERE id = 'b0a7e3c4-57f2-4c1b-8a55-92d40c7e6f02';
EXPLAIN (PANDO) SELECT name FROM users ORDER BY name DESC LIMIT 2;
SELECT name FROM users ORDER BY name DESC LIMIT 2;
BEGIN;
INSERT INTO messages VALUES ('6f1c0a52-0d64-4e0e-9f6d-1b8c2f3a4d01', '2026-11-21 12:00', 'Hello'),
  ('e47d5b36-1f80-49a2-9c6e-0a1b2c3d4e04', '2026-11-21 12:01', 'Hello yourself');
COMMIT;
SELECT count(*), min(sent), max(sent) FROM messages;
SELECT u.name FROM users u JOIN users v ON u.name = v.name;

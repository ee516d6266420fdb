// One session of node-postgres with everything an application usually does; prints one JSON line that NodePostgresTest looks at.
import pg from 'pg';

const client = new pg.Client({ connectionString: process.argv[2] });
await client.connect();
const result = {};
const rows = async (query) => (await client.query(query)).rows;

await client.query('DROP TABLE IF EXISTS node_users');
await client.query('CREATE TABLE node_users (id uuid PRIMARY KEY, name text, born date, score numeric, tags text[], extra jsonb)');
await client.query("SELECT pando.distribute('node_users', 'id')");

const id = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
for (let n = 1; n <= 20; n++) {
  const inserted = await client.query({
    name: 'insert-user',
    text: 'INSERT INTO node_users VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
    values: [id(n), `name ${n}`, '2000-01-02', n / 4, ['a', `t${n}`], { n }],
  });
  if (inserted.rowCount !== 1 || inserted.rows[0].id !== id(n)) throw new Error(`row ${n} was not answered`);
}
result.one = await rows({ text: 'SELECT name, score, tags, extra FROM node_users WHERE id = $1', values: [id(7)] });
result.count = await rows('SELECT count(*) AS n, sum(score) AS total FROM node_users');
result.sorted = (await rows({ text: 'SELECT name FROM node_users ORDER BY score DESC LIMIT $1', values: [3] })).map((r) => r.name);
result.any = (await rows({ text: 'SELECT name FROM node_users WHERE id = ANY($1) ORDER BY name', values: [[id(2), id(11)]] })).map((r) => r.name);

await client.query('BEGIN');
await client.query('UPDATE node_users SET score = 0');
await client.query('ROLLBACK');
await client.query('BEGIN');
result.updated = (await client.query('UPDATE node_users SET score = score + 1')).rowCount;
await client.query('COMMIT');
result.after = await rows('SELECT sum(score) AS total FROM node_users');

try {
  await client.query({ text: 'INSERT INTO node_users (id) VALUES ($1)', values: [id(7)] });
} catch (error) {
  result.duplicate = { code: error.code, constraint: error.constraint };
}
try {
  await client.query('SELECT a.name FROM node_users a JOIN node_users b ON a.name = b.name');
} catch (error) {
  result.refused = error.code;
}

// Several at once through a pool, as a web application does.
const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
const answers = await Promise.all(
  Array.from({ length: 400 }, (_, n) => pool.query({ text: 'SELECT name FROM node_users WHERE id = $1', values: [id((n % 20) + 1)] })),
);
result.pooled = answers.every((answer, n) => answer.rows[0].name === `name ${(n % 20) + 1}`);
await pool.end();
await client.query('DROP TABLE node_users');
await client.end();
console.log(JSON.stringify(result));

package dev.pando.lint;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server with tables of some size, which are copied for each use, and the work that runs on them meanwhile. */
final class LoadedServer implements AutoCloseable {
    private static final int MANY = 60_000;
    private static final int FEW = 1_500;

    private static final String SCHEMA = """
            CREATE TABLE customers (id bigint PRIMARY KEY, name text);
            CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, amount int, note text, code int NOT NULL, price int, shadow int);
            CREATE INDEX orders_amount ON orders (amount);
            CREATE TABLE tags (id bigint, name text NOT NULL);
            CREATE MATERIALIZED VIEW totals AS SELECT customer_id, count(*) AS orders FROM orders GROUP BY 1;
            CREATE UNIQUE INDEX totals_customer ON totals (customer_id);
            CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE TABLE events_2026 (at date NOT NULL, what text);
            CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
            CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
            CREATE TABLE logs_2026 (at date NOT NULL);
            CREATE TABLE readings (at date NOT NULL, sensor text NOT NULL, value int) PARTITION BY RANGE (at);
            CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO ('2025-01-01');
            CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (sensor);
            CREATE TABLE readings_2025_a PARTITION OF readings_2025 FOR VALUES IN ('a');
            CREATE TABLE readings_2025_rest PARTITION OF readings_2025 DEFAULT;
            CREATE INDEX readings_at ON readings (at);
            CREATE INDEX by_sensor ON readings_2025_a (sensor);
            CREATE TABLE readings_old_value_lower_at_idx ();
            CREATE TABLE names (a int CONSTRAINT orders_amount_check CHECK (a > 0));
            """;
    private static final String ROWS = """
            INSERT INTO customers SELECT i, 'c' || i FROM generate_series(1, 1000) i;
            INSERT INTO orders SELECT i, i % 1000 + 1, i, 'n' || i, i, i, i FROM generate_series(1, ROWS) i;
            INSERT INTO tags SELECT i, 't' || i FROM generate_series(1, ROWS) i;
            INSERT INTO events SELECT date '2025-01-01' + i % 300, 'e' FROM generate_series(1, ROWS) i;
            INSERT INTO events_2026 SELECT date '2026-01-01' + i % 300, 'e' FROM generate_series(1, ROWS) i;
            INSERT INTO logs SELECT date '2020-01-01' + i % 300 FROM generate_series(1, ROWS) i;
            INSERT INTO readings SELECT date '2024-06-01' + i % 500, chr(97 + i % 3), i FROM generate_series(1, ROWS) i;
            REFRESH MATERIALIZED VIEW totals;
            """;

    /** What an order costs is written twice, so that a write that gets lost is seen. */
    private static final List<String> WORK = List.of(
            "SELECT count(*) FROM orders WHERE id = (random() * 1000)::int",
            "UPDATE orders SET code = code + 1, price = code + 1, shadow = code + 1 WHERE id = (random() * 1000)::int + 1",
            "SELECT name FROM customers WHERE id = 1; SELECT FROM totals WHERE customer_id = 7; UPDATE tags SET name = name WHERE id = 9",
            "SELECT count(*) FROM events WHERE at = '2025-05-05'; INSERT INTO logs VALUES ('2021-01-01')",
            "UPDATE readings SET value = value WHERE at = '2025-05-05' AND value < 2000; INSERT INTO readings"
                    + " SELECT '2024-01-01', 'x', extract(microseconds FROM clock_timestamp())");

    private static final String LOST = "SELECT count(*) FROM orders WHERE price IS DISTINCT FROM shadow";

    /** What pg_dump would write, but for the order of columns. */
    private static final String CATALOG = """
            SELECT concat_ws(' ', c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid))
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON (adrelid, adnum) = (c.oid, attnum)
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
            UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT concat_ws(' ', indexrelid::regclass, indisvalid, indisready, pg_get_indexdef(indexrelid)) FROM pg_index
            WHERE indrelid::regclass::text !~ '^pg_'
            UNION ALL SELECT concat_ws(' ', tgrelid::regclass, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT concat_ws(' ', inhrelid::regclass, inhparent::regclass, pg_get_expr(relpartbound, c.oid))
            FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
            UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            ORDER BY 1""";

    /** For each table a query for its rows, in no order; of a UUID it matters whether there is one. */
    private static final String QUERIES_FOR_ROWS = """
            SELECT format('SELECT ''%1$s'' || count(*) || '' '' || coalesce(sum(hashtextextended(concat_ws(''|'', %2$s), 0)::numeric), 0) FROM %1$s',
                attrelid::regclass, string_agg(CASE WHEN atttypid = 'uuid'::regtype THEN format('%I IS NULL', attname)
                    ELSE format('coalesce(%I::text, ''NULL'')', attname) END, ', ' ORDER BY attname))
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm') AND attnum > 0 AND NOT attisdropped
            GROUP BY attrelid""";

    private final Major major;
    private final TemporaryServer server;
    private int copies;

    LoadedServer(Major major) throws SQLException {
        this.major = major;
        server = TemporaryServer.start(major, Map.of("autovacuum", "off"));
        make("bare", "template1");
        run("bare", SCHEMA);
        fill("small", FEW);
        fill("large", MANY);
    }

    Major major() {
        return major;
    }

    /** The same tables without rows. */
    String bare() throws SQLException {
        return copy("bare");
    }

    String small() throws SQLException {
        return copy("small");
    }

    /** With rows enough for a scan to take longer than anybody is to wait. */
    String large() throws SQLException {
        return copy("large");
    }

    private void fill(String name, int rows) throws SQLException {
        make(name, "template1");
        run(name, SCHEMA, ROWS.replace("ROWS", Integer.toString(rows)));
    }

    private String copy(String template) throws SQLException {
        String name = "load_" + ++copies;
        make(name, template);
        return name;
    }

    private void make(String name, String template) throws SQLException {
        try (Connection connection = server.connect()) {
            Bench.execute(connection, "CREATE DATABASE " + name + " TEMPLATE " + template);
        }
    }

    Facts facts(String database) throws SQLException {
        return new Facts(server, database);
    }

    Connection connect(String database) throws SQLException {
        return server.connect(database);
    }

    void run(String database, String... statements) throws SQLException {
        try (Connection connection = server.connect(database)) {
            for (String sql : statements) {
                Bench.execute(connection, sql);
            }
        }
    }

    Workload work(String database) throws SQLException {
        return new Workload(server, database, WORK);
    }

    List<String> schema(String database) throws SQLException {
        return texts(database, CATALOG);
    }

    /** How many rows each table has, and a number made of all of them. */
    List<String> rows(String database) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String query : texts(database, QUERIES_FOR_ROWS)) {
            found.addAll(texts(database, query));
        }
        found.sort(null);
        return found;
    }

    /** How many of the workload's writes are not what it wrote. */
    String lostWrites(String database) throws SQLException {
        return texts(database, LOST).getFirst();
    }

    private List<String> texts(String database, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    void drop(String database) throws SQLException {
        run("postgres", "DROP DATABASE " + database);
    }

    @Override
    public void close() {
        server.close();
    }
}

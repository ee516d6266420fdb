package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rewrite leaves the schema that its original leaves, while nobody waits over 100 ms for a lock. */
class RewriteUnderLoadTest {
    private static final int ROWS = 60_000;
    /** Whoever holds a lock may lose its processor for 100 ms on a busy machine: one quiet run of these is proof enough. */
    private static final int ATTEMPTS = 4;

    private static final String SCHEMA = """
            CREATE TABLE customers (id bigint PRIMARY KEY, name text);
            CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, amount int, note text, code int NOT NULL, price int);
            CREATE INDEX orders_amount ON orders (amount);
            CREATE MATERIALIZED VIEW totals AS SELECT customer_id, count(*) AS orders FROM orders GROUP BY 1;
            CREATE UNIQUE INDEX totals_customer ON totals (customer_id);
            CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE TABLE events_2026 (at date NOT NULL, what text);
            CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
            CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
            CREATE TABLE logs_2026 (at date NOT NULL);
            """;
    private static final String ROWS_OF_ALL = """
            INSERT INTO customers SELECT i, 'c' || i FROM generate_series(1, 1000) i;
            INSERT INTO orders SELECT i, i % 1000 + 1, i, 'n' || i, i, i FROM generate_series(1, ROWS) i;
            INSERT INTO events SELECT date '2025-01-01' + i % 300, 'e' FROM generate_series(1, ROWS) i;
            INSERT INTO events_2026 SELECT date '2026-01-01' + i % 300, 'e' FROM generate_series(1, ROWS) i;
            INSERT INTO logs SELECT date '2020-01-01' + i % 300 FROM generate_series(1, ROWS) i;
            REFRESH MATERIALIZED VIEW totals;
            """.replace("ROWS", Integer.toString(ROWS));

    private static final List<String> WORK = List.of(
            "SELECT count(*) FROM orders WHERE id = (random() * 1000)::int",
            "UPDATE orders SET code = code + 1 WHERE id = (random() * 1000)::int + 1",
            "SELECT name FROM customers WHERE id = 1; SELECT FROM totals WHERE customer_id = 7",
            "SELECT count(*) FROM events WHERE at = '2025-05-05'; INSERT INTO logs VALUES ('2021-01-01')");

    private static final List<String> ORIGINALS = List.of(
            "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers",
            "ALTER TABLE orders ADD CHECK (amount > 0)",
            "ALTER TABLE orders ALTER COLUMN note SET NOT NULL",
            "CREATE INDEX orders_note ON orders (note)",
            "DROP INDEX orders_amount",
            "ALTER TABLE orders ADD UNIQUE (note)",
            "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL",
            "ALTER TABLE orders ADD COLUMN percent int DEFAULT 5 CHECK (percent < 100)",
            "ALTER TABLE orders ALTER COLUMN price TYPE numeric",
            "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "ALTER TABLE events DETACH PARTITION events_2025",
            "REFRESH MATERIALIZED VIEW totals",
            "REINDEX TABLE orders");

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

    private static TemporaryServer server;
    private static int copies;

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start(Major.newest(), Map.of("autovacuum", "off"));
        make("bare", "template1");
        make("filled", "template1");
        try (Connection connection = server.connect("bare")) {
            Bench.execute(connection, SCHEMA);
        }
        try (Connection connection = server.connect("filled")) {
            Bench.execute(connection, SCHEMA + ROWS_OF_ALL);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void make(String name, String template) throws SQLException {
        try (Connection connection = server.connect()) {
            Bench.execute(connection, "CREATE DATABASE " + name + " TEMPLATE " + template);
        }
    }

    private static String copy(String template) throws SQLException {
        String name = "load_" + ++copies;
        make(name, template);
        return name;
    }

    @TestFactory
    Stream<DynamicTest> rewritesBlockNobodyAndEndAlike() {
        return ORIGINALS.stream().map(original -> DynamicTest.dynamicTest(original, () -> holds(original)));
    }

    /** Without this the test above could not fail: the same evidence, on what no rewrite was made of. */
    @Test
    void originalsAreSeenToBlock() throws SQLException, InterruptedException {
        assertThat(
                        victims(
                                copy("filled"),
                                List.of(
                                        "ALTER TABLE orders ALTER COLUMN amount TYPE numeric, ALTER COLUMN code TYPE numeric",
                                        "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD COLUMN other uuid DEFAULT gen_random_uuid()")))
                .isNotEmpty();
    }

    private static void holds(String original) throws SQLException, InterruptedException {
        Rewrite rewrite = rewrite(original);
        String plain = copy("bare");
        try (Connection connection = server.connect(plain)) {
            Bench.execute(connection, original);
        }
        List<String> victims = List.of();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String loaded = copy("filled");
            victims = victims(loaded, rewrite.statements());
            assertThat(catalog(loaded)).isEqualTo(catalog(plain));
            if (victims.isEmpty()) {
                return;
            }
        }
        assertThat(victims).as(rewrite.sql()).isEmpty();
    }

    private static Rewrite rewrite(String original) throws SQLException {
        try (var facts = new Facts(server, copy("bare"));
                var linter = new Linter(
                        facts, new Linter.Options(Major.newest().number(), Sizes.NONE, Speeds.DEFAULT, true, true))) {
            Report.File file = linter.lint(
                    new MigrationReader(Map.of(), Mode.BY_FORMAT).read(new Source("migration.sql", original + ";")));
            return file.findings().stream()
                    .map(Finding::rewrite)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no rewrite of " + original + " in " + file.findings()));
        }
    }

    private static List<String> victims(String database, List<String> statements)
            throws SQLException, InterruptedException {
        try (Workload workload = new Workload(server, database, WORK);
                Connection connection = server.connect(database)) {
            for (String sql : statements) {
                workload.awaitTurns();
                tried(connection, sql);
            }
            workload.awaitTurns();
            return workload.victims();
        }
    }

    /** A step that gave up waiting for its lock is tried again, as its note says. */
    private static void tried(Connection connection, String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                Bench.execute(connection, sql);
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !"55P03".equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    private static List<String> catalog(String database) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CATALOG)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }
}

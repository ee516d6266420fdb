package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.Major;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rewrite leaves the schema and the rows that its original leaves, while nobody waits over 100 ms for a lock and no write is lost. */
class RewriteUnderLoadTest {
    /** Whoever holds a lock may lose its processor for 100 ms on a busy machine: one quiet run of these is proof enough. */
    private static final int ATTEMPTS = 4;

    private static final List<String> ORIGINALS = List.of(
            "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers",
            "ALTER TABLE orders ADD CHECK (amount > 0), ADD CHECK (amount > -1), ADD CONSTRAINT dear CHECK (price > 0)",
            "CREATE INDEX orders_note ON orders (note)",
            "CREATE UNIQUE INDEX orders_code ON orders (note, code)",
            "CREATE INDEX IF NOT EXISTS on_sensor ON readings (sensor)",
            "CREATE INDEX ON public.readings USING btree (value int4_ops DESC, lower(sensor)) INCLUDE (at) WITH (fillfactor = 70) WHERE value > 5",
            "DROP INDEX orders_amount",
            "ALTER TABLE orders ADD UNIQUE (note)",
            "ALTER TABLE orders ADD CONSTRAINT one UNIQUE NULLS NOT DISTINCT (note) INCLUDE (code) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE readings ADD PRIMARY KEY (at, sensor, value)",
            "ALTER TABLE tags ADD PRIMARY KEY (id)",
            "ALTER TABLE tags ADD PRIMARY KEY (name)",
            "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL",
            "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD CHECK (code > 0)",
            "ALTER TABLE orders ADD COLUMN percent int DEFAULT 5 CHECK (percent < 100)",
            "ALTER TABLE orders ADD COLUMN region bigint DEFAULT 7 NOT NULL REFERENCES customers",
            "ALTER TABLE orders ADD COLUMN serial_number text UNIQUE",
            "ALTER TABLE orders ALTER COLUMN price TYPE numeric",
            "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "ALTER TABLE events DETACH PARTITION events_2025",
            "REFRESH MATERIALIZED VIEW totals",
            "REINDEX TABLE orders",
            "REINDEX INDEX orders_amount",
            "REINDEX TABLE readings");

    /** Those whose steps depend on the version. */
    private static final List<String> BY_VERSION = List.of(
            "ALTER TABLE orders ALTER COLUMN note SET NOT NULL, ALTER COLUMN amount SET NOT NULL",
            "ALTER TABLE tags ADD PRIMARY KEY (id)");

    private static LoadedServer newest;

    @BeforeAll
    static void start() throws SQLException {
        newest = new LoadedServer(Major.newest());
    }

    @AfterAll
    static void stop() {
        newest.close();
    }

    @TestFactory
    Stream<DynamicTest> rewritesBlockNobodyAndEndAlike() {
        return Stream.concat(ORIGINALS.stream(), BY_VERSION.stream())
                .distinct()
                .map(original -> DynamicTest.dynamicTest(original, () -> holds(newest, original)));
    }

    @TestFactory
    Stream<DynamicTest> soDoThoseForOlderServers() {
        return Stream.of(Major.values())
                .filter(major -> major != Major.newest())
                .map(major -> DynamicTest.dynamicTest(major.toString(), () -> {
                    try (LoadedServer server = new LoadedServer(major)) {
                        for (String original : BY_VERSION) {
                            holds(server, original);
                        }
                    }
                }));
    }

    /** Without this the tests above could not fail: the same evidence, on what no rewrite was made of. */
    @Test
    void originalsAreSeenToBlock() throws SQLException, InterruptedException {
        List<String> slow = List.of(
                "ALTER TABLE orders ALTER COLUMN amount TYPE numeric, ALTER COLUMN code TYPE numeric",
                "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD COLUMN other uuid DEFAULT gen_random_uuid()");
        assertThat(victims(newest, newest.large(), slow)).isNotEmpty();
    }

    /** ALTER COLUMN TYPE converts as an assignment does: a value that is too long is refused, not cut. */
    @Test
    void whatDoesNotFitTheNewTypeIsRefused() throws SQLException {
        String original = "ALTER TABLE orders ALTER COLUMN note TYPE varchar(3)";
        String[] steps = rewrite(newest, original).statements().toArray(String[]::new);
        String plain = newest.small();
        String rewritten = newest.small();
        assertThatThrownBy(() -> newest.run(plain, original))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22001"));
        assertThatThrownBy(() -> newest.run(rewritten, steps))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22001"));
    }

    private static void holds(LoadedServer server, String original) throws SQLException, InterruptedException {
        Rewrite rewrite = rewrite(server, original);
        String plain = server.small();
        server.run(plain, original);
        String undisturbed = server.small();
        server.run(undisturbed, rewrite.statements().toArray(String[]::new));
        assertThat(server.schema(undisturbed)).isEqualTo(server.schema(plain));
        assertThat(server.rows(undisturbed)).isEqualTo(server.rows(plain));
        List<String> victims = List.of();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String loaded = server.large();
            victims = victims(server, loaded, rewrite.statements());
            assertThat(server.schema(loaded)).isEqualTo(server.schema(plain));
            assertThat(server.lostWrites(loaded)).isEqualTo("0");
            server.drop(loaded);
            if (victims.isEmpty()) {
                break;
            }
        }
        assertThat(victims).as(rewrite.sql()).isEmpty();
        server.drop(undisturbed);
        server.drop(plain);
    }

    private static Rewrite rewrite(LoadedServer server, String original) throws SQLException {
        var options = new Linter.Options(server.major().number(), Sizes.NONE, Speeds.DEFAULT, true, true);
        try (var facts = server.facts(server.bare());
                var linter = new Linter(facts, options)) {
            Report.File file = linter.lint(
                    new MigrationReader(Map.of(), Mode.BY_FORMAT).read(new Source("migration.sql", original + ";")));
            return file.findings().stream()
                    .map(Finding::rewrite)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no rewrite of " + original + " in " + file.findings()));
        }
    }

    private static List<String> victims(LoadedServer server, String database, List<String> statements)
            throws SQLException, InterruptedException {
        try (Workload workload = server.work(database);
                Connection connection = server.connect(database)) {
            boolean block = false;
            for (String sql : statements) {
                if (!block) {
                    workload.awaitTurns();
                }
                tried(connection, sql);
                block = sql.equals("BEGIN") || (block && !sql.equals("COMMIT"));
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
}

package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PostgreSQL refuses for partitioned tables much of what it does concurrently for others. */
class PartitionedTablesTest {
    private static final String SCHEMA = """
            CREATE TABLE customers (id bigint PRIMARY KEY);
            CREATE TABLE events (at date NOT NULL, id int NOT NULL, customer_id bigint) PARTITION BY RANGE (at);
            CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE INDEX events_at ON events (at);
            CREATE EXTENSION postgres_fdw;
            CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
            CREATE TABLE spread (at date NOT NULL) PARTITION BY RANGE (at);
            CREATE TABLE spread_2025 PARTITION OF spread FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE FOREIGN TABLE spread_2026 PARTITION OF spread FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') SERVER elsewhere;
            CREATE TABLE deep (at int, id int) PARTITION BY LIST (at);
            CREATE TABLE deep_1 PARTITION OF deep FOR VALUES IN (1);
            CREATE TABLE deep_2 PARTITION OF deep FOR VALUES IN (2) PARTITION BY LIST (id);
            CREATE TABLE deep_2_1 PARTITION OF deep_2 FOR VALUES IN (1);
            CREATE INDEX ON deep (id);
            CREATE TABLE many (at int) PARTITION BY LIST (at);
            DO $$BEGIN FOR i IN 1..51 LOOP EXECUTE format('CREATE TABLE many_%s PARTITION OF many FOR VALUES IN (%s)', i, i); END LOOP; END$$
            """;

    private static final Map<String, String> REWRITES = Map.ofEntries(
            Map.entry("CREATE INDEX ON ONLY events (id)", "none"),
            Map.entry(
                    "CREATE UNIQUE INDEX ON public . events * /* both */ (at, id)",
                    "CREATE UNIQUE INDEX events_at_id_idx ON ONLY events /* both */ (at, id);"
                            + "CREATE UNIQUE INDEX CONCURRENTLY events_2025_at_id_idx ON events_2025 /* both */ (at, id);"
                            + "ALTER INDEX events_at_id_idx ATTACH PARTITION events_2025_at_id_idx"),
            Map.entry("CREATE INDEX ON spread (at)", "none"),
            Map.entry("CREATE INDEX ON many (at)", "none"),
            Map.entry(
                    "ALTER TABLE events ADD UNIQUE (at, id) INCLUDE (customer_id) DEFERRABLE",
                    "ALTER TABLE ONLY events ADD CONSTRAINT events_at_id_customer_id_key UNIQUE (at, id) INCLUDE (customer_id) DEFERRABLE;"
                            + "CREATE UNIQUE INDEX CONCURRENTLY events_2025_at_id_customer_id_key ON events_2025 (at, id) INCLUDE (customer_id);"
                            + "ALTER TABLE events_2025 ADD CONSTRAINT events_2025_at_id_customer_id_key"
                            + " UNIQUE USING INDEX events_2025_at_id_customer_id_key DEFERRABLE;"
                            + "ALTER INDEX events_at_id_customer_id_key ATTACH PARTITION events_2025_at_id_customer_id_key"),
            Map.entry(
                    "ALTER TABLE events ADD CHECK (id > 0)",
                    "ALTER TABLE events ADD CONSTRAINT events_id_check CHECK (id > 0) NOT VALID;"
                            + "ALTER TABLE events VALIDATE CONSTRAINT events_id_check"),
            Map.entry("DROP INDEX events_at", "none"),
            Map.entry("REINDEX TABLE events", "REINDEX TABLE CONCURRENTLY events_2025"),
            Map.entry("REINDEX (CONCURRENTLY) TABLE events", "REINDEX TABLE CONCURRENTLY events_2025"),
            Map.entry("REINDEX (VERBOSE) TABLE events", "none"),
            Map.entry("REINDEX (CONCURRENTLY off) TABLE events", "REINDEX TABLE CONCURRENTLY events_2025"),
            Map.entry("REINDEX TABLE deep", "REINDEX TABLE CONCURRENTLY deep_1;REINDEX TABLE CONCURRENTLY deep_2_1"),
            Map.entry("REINDEX INDEX events_at", "REINDEX INDEX CONCURRENTLY events_at"));

    private static final String FOREIGN_KEY = "ALTER TABLE events ADD FOREIGN KEY (customer_id) REFERENCES customers";

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES_15", "POSTGRES_18"})
    void rewritesAreWhatPostgresTakes(Major major) throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(major, Map.of())) {
            try (Connection connection = server.connect()) {
                Bench.execute(connection, "CREATE DATABASE ground");
            }
            try (Connection connection = server.connect("ground")) {
                Bench.execute(connection, SCHEMA);
            }
            for (Map.Entry<String, String> rewrite : REWRITES.entrySet()) {
                assertThat(rewrite(server, major, rewrite.getKey()))
                        .as(rewrite.getKey())
                        .isEqualTo(rewrite.getValue());
            }
            String foreignKey = major == Major.newest()
                    ? "ALTER TABLE events ADD CONSTRAINT events_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;"
                            + "ALTER TABLE events VALIDATE CONSTRAINT events_customer_id_fkey"
                    : "none";
            assertThat(rewrite(server, major, FOREIGN_KEY)).isEqualTo(foreignKey);
        }
    }

    private static String rewrite(TemporaryServer server, Major major, String statement) throws SQLException {
        var options = new Linter.Options(major.number(), Sizes.NONE, Speeds.DEFAULT, true, true);
        boolean alone = statement.startsWith("REINDEX");
        String migration =
                "SET lock_timeout = '2s'; " + (alone ? statement : "BEGIN; " + statement + "; ROLLBACK") + ";";
        try (var facts = new Facts(server, "ground");
                var linter = new Linter(facts, options)) {
            Report.File file = linter.lint(Bench.migration("migration.sql", migration));
            assertThat(file.findings()).extracting(Finding::rule).doesNotContain("statement-fails");
            return file.findings().stream()
                    .map(Finding::rewrite)
                    .filter(Objects::nonNull)
                    .map(rewrite -> String.join(";", rewrite.statements()))
                    .findFirst()
                    .orElse("none");
        }
    }
}

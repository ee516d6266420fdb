package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ZoneTest {
    private static final String MARCH =
            "CREATE TABLE ev3 PARTITION OF ev FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');"
                    + " CREATE INDEX ON ev3 (at);";
    private static final String RETYPE = "ALTER TABLE customers ALTER created TYPE timestamptz;";

    private static TemporaryServer server;

    @BeforeAll
    static void start() {
        server = TemporaryServer.startGuarded(Major.newest(), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<Effect> effects(Zone zone, String schema, String migration) throws SQLException {
        String database = "zone_" + System.nanoTime();
        try (Connection connection = server.connect()) {
            Bench.execute(connection, "CREATE DATABASE " + database);
        }
        try (Connection connection = server.connect(database)) {
            Bench.execute(connection, schema);
        }
        var options = new Linter.Options(Major.newest().number(), Sizes.NONE, Speeds.DEFAULT, true, true);
        try (var facts = new Facts(server, database, zone);
                var linter = new Linter(facts, options)) {
            return linter.lint(Bench.migration("m.sql", migration)).steps().stream()
                    .map(Step::effect)
                    .toList();
        }
    }

    /** The months of a server in the zone that begins its days at that time of UTC. */
    private static String partitions(String time) {
        return """
                CREATE TABLE ev (id int, at timestamptz) PARTITION BY RANGE (at);
                CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM ('2026-02-01 %1$s+00') TO ('2026-03-01 %1$s+00');
                """.formatted(time);
    }

    @Test
    void monthsOfUtcFollowEachOther() throws SQLException {
        assertThat(effects(Zone.USUAL, partitions("00:00"), MARCH)).allMatch(Effect::known);
    }

    @Test
    void whatOnlyAnotherZoneTakesIsNoFailure() throws SQLException {
        List<Effect> assumed = effects(Zone.USUAL, partitions("05:00"), MARCH);
        assertThat(assumed.getFirst().outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class,
                        unknown -> assertThat(unknown.reason())
                                .contains("where TimeZone is UTC", "would overlap partition", "--time-zone"));
        // It is there for what follows.
        assertThat(assumed.getLast().known()).isTrue();

        assertThat(effects(new Zone("America/New_York", false), partitions("05:00"), MARCH))
                .allMatch(Effect::known);
        assertThat(effects(new Zone("UTC", false), partitions("05:00"), MARCH)
                        .getFirst()
                        .outcome())
                .isInstanceOf(Outcome.Failed.class);
        assertThat(effects(Zone.USUAL, partitions("00:00"), MARCH + MARCH.replace("ev3", "ev4"))
                        .get(2)
                        .outcome())
                .isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void theWorseZoneCountsUntilOneIsNamed() throws SQLException {
        String schema = "CREATE TABLE customers (id int, created timestamp);";

        assertThat(effects(Zone.USUAL, schema, RETYPE).getFirst().work()).isNotEmpty();
        assertThat(effects(new Zone("UTC", false), schema, RETYPE).getFirst().work())
                .isEmpty();
        assertThat(effects(new Zone("Europe/Berlin", false), schema, RETYPE)
                        .getFirst()
                        .work())
                .isNotEmpty();
        assertThat(effects(Zone.USUAL, schema, "SET TIME ZONE 'UTC'; " + RETYPE)
                        .getLast()
                        .work())
                .isEmpty();
        for (String reset : List.of("RESET timezone;", "RESET ALL;", "SET TIME ZONE DEFAULT;")) {
            assertThat(effects(Zone.USUAL, schema, "SET TIME ZONE 'UTC';" + reset + RETYPE)
                            .getLast()
                            .work())
                    .as(reset)
                    .isNotEmpty();
            assertThat(effects(new Zone("UTC", false), schema, "SET TIME ZONE 'Asia/Tokyo';" + reset + RETYPE)
                            .getLast()
                            .work())
                    .as(reset)
                    .isEmpty();
        }
        assertThat(effects(Zone.USUAL, schema, "DO $$ BEGIN " + RETYPE + " END $$;")
                        .getFirst()
                        .work())
                .isNotEmpty();
        String function = "CREATE FUNCTION retype() RETURNS void LANGUAGE plpgsql AS $$ BEGIN " + RETYPE + " END $$;";
        assertThat(effects(Zone.USUAL, schema + function, "SELECT retype();")
                        .getFirst()
                        .work())
                .isNotEmpty();
        // What one transaction sets is not what the next assumes.
        assertThat(effects(Zone.USUAL, schema, "BEGIN; SET LOCAL TIME ZONE 'UTC'; COMMIT; " + RETYPE)
                        .getLast()
                        .work())
                .isNotEmpty();
    }

    @Test
    void theFunctionSetsAsTheStatementDoes() throws SQLException {
        String schema = "CREATE TABLE customers (id int, created timestamp);";
        String set = "SELECT pg_catalog.set_config('TimeZone', 'UTC', %s); ";

        assertThat(effects(Zone.USUAL, schema, set.formatted(false) + RETYPE)
                        .getLast()
                        .work())
                .isEmpty();
        assertThat(effects(Zone.USUAL, schema, "BEGIN; " + set.formatted(true) + RETYPE + "COMMIT;")
                        .get(2)
                        .work())
                .isEmpty();
        for (String elsewhere : List.of(
                "BEGIN; " + set.formatted(true) + "COMMIT; ",
                set.formatted(true),
                "SELECT pg_catalog.set_config('TimeZone', 'no such zone', false); ",
                "SELECT pg_catalog.set_config('TimeZone', 'UTC', false) WHERE false; ",
                "SELECT pg_catalog.set_config('TimeZone', 'UTC', false) LIMIT 0; ",
                "CREATE FUNCTION set_config(a text, b text) RETURNS text LANGUAGE sql AS 'SELECT a'; SELECT public.set_config('TimeZone', 'UTC');",
                "SELECT pg_catalog.set_config('role', 'UTC', false); ")) {
            assertThat(effects(Zone.USUAL, schema, elsewhere + RETYPE).getLast().work())
                    .as(elsewhere)
                    .isNotEmpty();
        }
    }

    @Test
    void limitsOfTheMigrationAreNotThoseOfItsMeasuring() throws SQLException {
        for (String name : List.of("statement_timeout", "transaction_timeout", "idle_in_transaction_session_timeout")) {
            assertThat(effects(
                            Zone.USUAL,
                            "CREATE TABLE customers (id int, created timestamp);",
                            "SELECT set_config('" + name + "', '1', false); " + RETYPE))
                    .as(name)
                    .allMatch(Effect::known);
        }
    }
}

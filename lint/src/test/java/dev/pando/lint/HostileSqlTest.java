package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SQL that does its worst to the session it runs in: one statement is not known, and those after it are judged. */
class HostileSqlTest {
    private static final String SWALLOWS = """
            DO $$ BEGIN LOOP
              BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END;
            END LOOP; END $$;
            """;
    private static final Duration LIMIT = Duration.ofMillis(400);

    private static TemporaryServer server;

    @BeforeAll
    static void start() {
        server = TemporaryServer.startGuarded(Major.newest(), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<Step> steps(String sql) throws SQLException {
        return steps(sql, LIMIT);
    }

    private static List<Step> steps(String sql, Duration limit) throws SQLException {
        try (var facts = new Facts(server, "postgres", limit);
                var linter = new Linter(
                        facts, new Linter.Options(Major.newest().number(), Sizes.NONE, Speeds.DEFAULT, true, true))) {
            linter.run(
                    Bench.migration(
                            "schema.sql",
                            "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
                                    + " CREATE TABLE orders (id bigint PRIMARY KEY, amount int);"),
                    problem -> {
                        throw new AssertionError(problem);
                    });
            return linter.lint(Bench.migration("migration.sql", sql)).steps();
        }
    }

    private static String unknown(Step step) {
        return step.effect().outcome() instanceof Outcome.Unknown unknown ? unknown.reason() : "";
    }

    @Test
    void whatSwallowsItsCancellationIsNotKnownAndTheRestIsJudged() throws SQLException {
        List<Step> steps = steps("SET search_path = public; CREATE TEMP TABLE mine (a int);" + SWALLOWS
                + "ALTER TABLE orders ADD COLUMN note text; INSERT INTO mine SELECT id FROM orders;");

        assertThat(unknown(steps.get(2)))
                .isEqualTo(
                        "it did not end in time:" + " it ran for more than 800 ms and did not let itself be cancelled");
        assertThat(steps.subList(3, 5)).allMatch(step -> step.effect().known());
    }

    @Test
    void soIsWhatSwallowsItInAFunctionThatComesBefore() throws SQLException {
        List<String> problems = new ArrayList<>();
        try (var facts = new Facts(server, "postgres", LIMIT);
                var linter = new Linter(
                        facts, new Linter.Options(Major.newest().number(), Sizes.NONE, Speeds.DEFAULT, true, false))) {
            linter.run(
                    Bench.migration(
                            "before.sql",
                            "CREATE TABLE IF NOT EXISTS kept (id int);" + SWALLOWS
                                    + "ALTER TABLE kept ADD COLUMN IF NOT EXISTS more int;"),
                    problems::add);
            List<Step> steps = linter.lint(Bench.migration("migration.sql", "ALTER TABLE kept DROP COLUMN more"))
                    .steps();

            assertThat(problems).singleElement().asString().contains("did not let itself be cancelled");
            assertThat(steps).allMatch(step -> step.effect().ran());
        }
    }

    @Test
    void aCommitThatDoesNotEndIsNotKnown() throws SQLException {
        List<Step> steps = steps("""
                CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN LOOP
                  BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;
                CREATE CONSTRAINT TRIGGER t AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
                  FOR EACH ROW EXECUTE FUNCTION hang();
                INSERT INTO orders VALUES (1);
                ALTER TABLE orders ADD COLUMN note text;
                """);

        assertThat(steps.getLast().effect().known()).isTrue();
    }

    @Test
    void noticesAndRowsWithoutEndHurtNobody() throws SQLException {
        List<Step> steps = steps("""
                DO $$ BEGIN SET client_min_messages = debug; FOR i IN 1..5000 LOOP RAISE NOTICE '%', repeat('x', 1000); END LOOP; END $$;
                SELECT repeat('x', 100000) FROM generate_series(1, 1000);
                SELECT repeat('x', 80000000);
                ALTER TABLE orders ADD COLUMN note text;
                """, Duration.ofSeconds(10));

        assertThat(unknown(steps.getFirst())).isEqualTo("it raises more messages than are kept");
        assertThat(steps.subList(1, 4))
                .extracting(step -> step.effect().outcome().toString())
                .containsOnly("Observed[]");
    }

    @Test
    void whatAStatementKillsIsOpenedAgain() throws SQLException {
        List<Step> steps = steps("""
                SELECT pg_terminate_backend(pg_backend_pid());
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend';
                ALTER TABLE orders ADD COLUMN note text;
                """);

        assertThat(steps.getLast().effect().known()).isTrue();
    }

    @Test
    void settingsThatKeepSessionsOutDoNotKeepItOut() throws SQLException {
        String settings = Stream.of(
                        "local_preload_libraries = 'nowhere'",
                        "search_path = nowhere",
                        "default_transaction_read_only = on",
                        "default_transaction_isolation = 'serializable'",
                        "statement_timeout = 1",
                        "transaction_timeout = 1",
                        "idle_session_timeout = 1",
                        "idle_in_transaction_session_timeout = 1",
                        "lock_timeout = 1",
                        "role = nobody",
                        "client_encoding = 'LATIN1'",
                        "DateStyle = 'German'",
                        "standard_conforming_strings = off",
                        "extra_float_digits = -15",
                        "bytea_output = 'escape'",
                        "client_min_messages = error")
                .map(setting -> "ALTER ROLE postgres SET " + setting + ";")
                .collect(Collectors.joining());

        assertThat(steps("CREATE ROLE nobody;" + settings
                        + "CREATE INDEX CONCURRENTLY i ON orders (amount); ALTER TABLE orders ADD COLUMN note text;"
                        + "ALTER ROLE postgres RESET ALL; DROP ROLE nobody;"))
                .extracting(step -> step.effect().outcome().toString())
                .containsOnly("Observed[]");
    }

    @Test
    void settingsOfTheSessionDoNotEndTheRun() throws SQLException {
        String settings = Stream.of(
                        "client_encoding = 'LATIN1'",
                        "DateStyle = 'German'",
                        "standard_conforming_strings = off",
                        "search_path = nowhere",
                        "default_transaction_isolation = 'serializable'",
                        "idle_session_timeout = 1",
                        "idle_in_transaction_session_timeout = 1")
                .map(setting -> "SET " + setting + ";")
                .collect(Collectors.joining());

        assertThat(steps(
                                settings + "SET NAMES 'latin1'; SET default_transaction_read_only = on;"
                                        + "SELECT set_config('client_encoding', 'LATIN1', false);"
                                        + "SET default_transaction_read_only = off; ALTER TABLE public.orders ADD COLUMN note text;")
                        .getLast()
                        .effect()
                        .outcome())
                .isEqualTo(new Outcome.Observed());
    }
}

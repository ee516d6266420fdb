package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import dev.pando.server.code.PlainCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What triggers, defaults, views and policies of a plain database leave on server connections. */
class PlainCodeTest {
    private static final String TABLE = "CREATE TABLE notes (id int, by text DEFAULT 'x');";
    private TemporaryServer server = Running.servers(2).getFirst();
    private @Nullable Running pando;

    PlainCodeTest() throws SQLException {}

    @BeforeEach
    void database() throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.run(connection, "DROP DATABASE IF EXISTS code WITH (FORCE)");
            Sql.run(connection, "CREATE DATABASE code OWNER app");
        }
    }

    @AfterEach
    void stop() {
        if (pando != null) {
            pando.close();
        }
    }

    /** With one server connection for everybody. */
    private Running start() {
        Running started = Running.plain(
                "[[databases]]\nname = \"code\"\npool_size = 1\nservers = [\"127.0.0.1:" + server.port() + "\"]\n");
        pando = started;
        return started;
    }

    /** Past Pando. */
    private void direct(String... statements) throws SQLException {
        try (Connection connection = server.connect("code")) {
            Sql.run(connection, "SET ROLE app");
            for (String statement : statements) {
                Sql.run(connection, statement);
            }
        }
    }

    private static String trigger(String body) {
        return "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " RETURN NEW; END $$;"
                + "CREATE TRIGGER act BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION act();";
    }

    /** The last statement on the pooled connection, which is a look if there was one. */
    private @Nullable String lastStatement() throws SQLException {
        return lastStatements().getFirst();
    }

    /** None while it is at work. */
    private List<@Nullable String> lastStatements() throws SQLException {
        try (Connection connection = server.connect("code")) {
            return Sql.column(
                    connection,
                    "SELECT query FROM pg_stat_activity WHERE datname = 'code' AND usename = 'app' AND state = 'idle'",
                    "query");
        }
    }

    private List<@Nullable String> temporary() throws SQLException {
        try (Connection connection = server.connect("code")) {
            return Sql.column(
                    connection, "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'", "relname");
        }
    }

    /** A harmless statement is followed by no look any more. */
    private void awaitRead(Connection client) {
        awaitUnwatched(client, "SELECT 'harmless'");
    }

    /** Unless a reading has just come after it. */
    private void awaitUnwatched(Connection client, String sql) {
        await().untilAsserted(() -> {
            Sql.run(client, sql);
            assertThat(lastStatement()).isEqualTo(sql);
        });
    }

    private static List<String> pinned(Running running) throws SQLException {
        try (Connection admin = running.admin("app")) {
            return Sql.column(admin, "SHOW CLIENTS", "pinned").stream()
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .toList();
        }
    }

    @Test
    void aLockThatATriggerTakesKeepsTheConnection() throws SQLException {
        direct(TABLE, trigger("PERFORM pg_advisory_lock(7);"));
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            // At once, before anything has been read.
            Sql.run(one, "INSERT INTO notes VALUES (1)");
            assertThat(pinned(running)).containsExactly("advisory lock");
            Sql.run(one, "SELECT pg_advisory_unlock(7)");
            assertThat(pinned(running)).isEmpty();
            awaitRead(one);
            Sql.run(one, "INSERT INTO public.notes VALUES (2)");
            assertThat(pinned(running)).containsExactly("advisory lock");
            Sql.run(one, "SELECT pg_advisory_unlock_all()");
            awaitUnwatched(one, "SELECT id FROM notes");
        }
    }

    @Test
    void settingsOfDefaultsViewsAndPoliciesGoWithTheirSession() throws SQLException {
        direct(
                "CREATE FUNCTION note(text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.a', $1, false) $$",
                "CREATE TABLE asked (id int, said text DEFAULT note('default'))",
                "CREATE VIEW seen AS SELECT note('view') AS said",
                "CREATE TABLE guarded (id int); INSERT INTO guarded VALUES (1)",
                "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; ALTER TABLE guarded FORCE ROW LEVEL SECURITY",
                "CREATE POLICY mine ON guarded USING (note('policy') = 'policy')",
                "CREATE FUNCTION same(int, text) RETURNS boolean LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM note('operator'); RETURN true; END $$",
                "CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = text)",
                "CREATE DOMAIN odd AS text CHECK (note('domain') = 'domain')");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple");
                Connection two = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            for (String[] act : new String[][] {
                {"default", "INSERT INTO asked (id) VALUES (1)"},
                {"view", "SELECT said FROM seen"},
                {"policy", "SELECT id FROM guarded"},
                {"operator", "SELECT 1 === '2'"},
                {"domain", "SELECT 'x'::odd"}
            }) {
                Sql.run(one, act[1]);
                assertThat(Sql.value(two, "SELECT coalesce(current_setting('app.a', true), '')"))
                        .as(act[0])
                        .isEmpty();
                assertThat(Sql.value(one, "SELECT current_setting('app.a')")).isEqualTo(act[0]);
            }
        }
    }

    @Test
    void whatEventTriggersLeaveIsFound() throws SQLException {
        try (Connection connection = server.connect("code")) {
            Sql.run(
                    connection,
                    "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_advisory_lock(9); END $$");
            Sql.run(connection, "CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION on_ddl()");
        }
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            for (String sql : new String[] {
                "CREATE TABLE made (id int)", "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'"
            }) {
                // The second one comes while the code is unread again.
                Sql.run(one, sql);
                assertThat(pinned(running)).as(sql).containsExactly("advisory lock");
                Sql.run(one, "SELECT pg_advisory_unlock_all()");
                assertThat(pinned(running)).isEmpty();
            }
        }
    }

    /** A tree does not show what it sets. */
    @Test
    void whatNoQueryShowsKeepsTheConnection() throws SQLException {
        direct("CREATE TABLE asked (id int, said text DEFAULT set_config('app.a', 'default', false))");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            Sql.run(one, "INSERT INTO asked (id) VALUES (1)");
            assertThat(pinned(running))
                    .singleElement()
                    .satisfies(reason -> assertThat(reason).contains("set_config()"));
        }
    }

    @Test
    void whatIsMadeThroughPandoCountsAtOnce() throws SQLException {
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            Sql.run(one, TABLE);
            awaitRead(one);
            Sql.run(one, trigger("PERFORM pg_advisory_lock(8);"));
            Sql.run(one, "INSERT INTO notes VALUES (1)");
            assertThat(pinned(running)).containsExactly("advisory lock");
        }
    }

    @Test
    void whatIsMadePastPandoIsNoticedSoon() throws SQLException {
        direct(TABLE);
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            direct(trigger("CREATE TEMP TABLE IF NOT EXISTS seen_by_trigger (id int);"));
            await().atMost(PlainCode.INTERVAL.multipliedBy(2)).untilAsserted(() -> {
                Sql.run(one, "INSERT INTO notes VALUES (1)");
                assertThat(pinned(running)).containsExactly("temporary object");
            });
        }
    }

    @Test
    void aFunctionMadePastPandoIsLookedAfterWithTheNamesItHas() throws SQLException {
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple");
                Connection two = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            direct(
                    "CREATE FUNCTION late() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.late', 'x', false) $$");
            assertThat(Sql.value(one, "SELECT late()")).isEqualTo("x");
            assertThat(Sql.value(two, "SELECT coalesce(current_setting('app.late', true), '')"))
                    .isEmpty();
            assertThat(Sql.value(one, "SELECT current_setting('app.late')")).isEqualTo("x");
        }
    }

    @Test
    void harmlessFunctionsCostNoLook() throws SQLException {
        direct("CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 2 * $1'");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            assertThat(Sql.value(one, "SELECT twice(4)")).isEqualTo("8");
            awaitUnwatched(one, "SELECT twice(4)");
        }
    }

    /** What one user leaves in a temporary schema must not be taken for the catalogs. */
    @Test
    void temporaryTablesDoNotHideTheCatalogs() throws SQLException {
        direct(
                TABLE + trigger("PERFORM set_config('app.secret', 'of one', false);"),
                "CREATE FUNCTION hide() RETURNS void LANGUAGE plpgsql AS $$ BEGIN"
                        + " PERFORM set_config('search_path', 'pg_temp', true);"
                        + " CREATE TABLE pg_proc (LIKE pg_catalog.pg_proc); CREATE TABLE pg_trigger (LIKE pg_catalog.pg_trigger); END $$",
                "COMMENT ON FUNCTION hide() IS 'pando.safe'");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple");
                Connection two = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            Sql.run(one, "SELECT hide()");
            direct("ALTER TABLE notes ADD COLUMN c int");
            // Its last word: it has been read again.
            await().atMost(PlainCode.INTERVAL.multipliedBy(4))
                    .until(() -> lastStatements().contains("ROLLBACK"));
            assertThat(temporary()).as("they are there").containsExactlyInAnyOrder("pg_proc", "pg_trigger");
            await().during(Duration.ofSeconds(1)).untilAsserted(() -> {
                Sql.run(one, "INSERT INTO notes VALUES (1)");
                assertThat(Sql.value(two, "SELECT coalesce(current_setting('app.secret', true), '')"))
                        .isEmpty();
            });
        }
    }

    /** A function with a parsed body is read without waiting for whoever holds its tables. */
    @Test
    void aLockedTableHoldsUpNoReading() throws SQLException {
        direct(
                TABLE + trigger("PERFORM pg_advisory_lock(10);"),
                "CREATE TABLE held (id int)",
                "CREATE FUNCTION counts() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM held; END");
        try (Connection holder = server.connect("code")) {
            holder.setAutoCommit(false);
            Sql.run(holder, "LOCK TABLE held");
            Running running = start();
            try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
                awaitRead(one);
            }
            holder.rollback();
        }
    }

    @Test
    void whoAFunctionHasMadeOfASessionStaysWithIt() throws SQLException {
        try (Connection connection = server.connect("code")) {
            Sql.run(
                    connection,
                    "DROP ROLE IF EXISTS chief; CREATE ROLE chief LOGIN SUPERUSER PASSWORD 'chief';"
                            + " CREATE FUNCTION become() RETURNS void LANGUAGE plpgsql AS"
                            + " $$ BEGIN SET SESSION AUTHORIZATION app; END $$");
        }
        Running running = Running.plain("[[users]]\nname = \"chief\"\npassword = \"chief\"\n"
                + "[[databases]]\nname = \"code\"\npool_size = 1\nservers = [\"127.0.0.1:" + server.port()
                + "\"]\n");
        pando = running;
        try (Connection one = running.to("code", "chief", "preferQueryMode=simple");
                Connection two = running.to("code", "chief", "preferQueryMode=simple")) {
            Sql.run(one, "SELECT become()");
            assertThat(Sql.value(two, "SELECT session_user")).isEqualTo("chief");
            assertThat(Sql.value(one, "SELECT session_user")).isEqualTo("app");
        }
    }

    @Test
    void whatFunctionsOfPostgresRunAsTextIsJudgedByThatText() throws SQLException {
        try (Connection connection = server.connect("code")) {
            Sql.run(connection, "CREATE EXTENSION tablefunc; CREATE EXTENSION pg_trgm");
        }
        direct(
                "CREATE FUNCTION note(text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.a', $1, false) $$",
                "CREATE VIEW seen AS SELECT note('view') AS said",
                "CREATE DOMAIN odd AS text CHECK (note('domain') = 'domain')",
                "CREATE FUNCTION mislabelled() RETURNS text IMMUTABLE LANGUAGE sql AS"
                        + " $$ SELECT set_config('app.a', 'immutable', false) $$");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple");
                Connection two = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            for (String[] act : new String[][] {
                {"", "SELECT query_to_xml('SELECT 1', true, true, '')"},
                {"text", "SELECT query_to_xml('SELECT note(''text'')', true, true, '')"},
                {"view", "SELECT table_to_xml('seen', true, true, '')"},
                {"stat", "SELECT * FROM ts_stat('SELECT to_tsvector(note(''stat''))')"},
                {"rewrite", "SELECT ts_rewrite('a'::tsquery, 'SELECT note(''rewrite'')::tsquery, ''b''::tsquery')"},
                {
                    "pivot",
                    "SELECT * FROM crosstab('SELECT ''a''::text, ''b''::text, note(''pivot'')') AS c (a text, b text)"
                },
                {"domain", "SELECT pg_input_is_valid('x', 'odd')"},
                {"immutable", "SELECT mislabelled()"},
            }) {
                Sql.run(one, act[1]);
                assertThat(Sql.value(two, "SELECT coalesce(current_setting('app.a', true), '')"))
                        .as(act[1])
                        .isEmpty();
                assertThat(Sql.value(one, "SELECT coalesce(current_setting('app.a', true), '')"))
                        .isEqualTo(act[0]);
            }
            Sql.run(one, "SELECT set_limit(0.9)");
            assertThat(Sql.value(two, "SELECT show_limit()")).isEqualTo("0.3");
            assertThat(Sql.value(one, "SELECT show_limit()")).isEqualTo("0.9");
            assertThat(pinned(running)).isEmpty();
            Sql.run(one, "SELECT query_to_xml('SELECT set_config(''app.b'', ''1'', false)', true, true, '')");
            assertThat(pinned(running)).containsExactly("function query_to_xml()");
        }
    }

    /** Pando reads texts as if backslashes were nothing special, its clients' and its own. */
    @Test
    void whatARoleHasSetDoesNotChangeHowTextsAreRead() throws SQLException {
        direct("CREATE TABLE asked (id int, said text DEFAULT set_config('app.a', 'default', false))");
        try (Connection connection = server.connect("code")) {
            Sql.run(connection, "ALTER ROLE app SET standard_conforming_strings = off");
        }
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            assertThat(Sql.value(one, "SELECT 'a\\b'")).isEqualTo("a\\b");
            Sql.run(one, "RESET ALL");
            assertThat(Sql.value(one, "SHOW standard_conforming_strings")).isEqualTo("on");
            Sql.run(one, "INSERT INTO asked (id) VALUES (1)");
            assertThat(pinned(running)).hasSize(1);
        } finally {
            try (Connection connection = server.connect("code")) {
                Sql.run(connection, "ALTER ROLE app RESET standard_conforming_strings");
            }
        }
    }

    @Test
    void codeWhoseTextComesFromElsewhereKeepsTheConnection() throws SQLException {
        direct(
                "CREATE FUNCTION run(sql text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE sql; END $$",
                "CREATE FUNCTION safe(sql text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE sql; END $$",
                "COMMENT ON FUNCTION safe(text) IS 'pando.safe'");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            Sql.run(one, "SELECT safe('SELECT 1')");
            assertThat(pinned(running)).isEmpty();
            Sql.run(one, "SELECT run('SELECT set_config(''app.c'', ''1'', false)')");
            assertThat(pinned(running)).containsExactly("function run()");
            Sql.run(one, "DISCARD ALL");
            assertThat(pinned(running)).isEmpty();
        }
    }

    @Test
    void aFunctionsPathMayMakeItsTablesTemporary() throws SQLException {
        direct("CREATE FUNCTION scratch() RETURNS void LANGUAGE plpgsql SET search_path TO pg_temp AS"
                + " $$ BEGIN CREATE TABLE scratch (a int); END $$");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            Sql.run(one, "SELECT scratch()");
            assertThat(pinned(running)).containsExactly("temporary object");
        }
    }

    @Test
    void theReadingLeavesTheConnectionAsItWas() throws SQLException {
        direct("CREATE SCHEMA own; CREATE TABLE own.notes (id int)");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            Sql.run(one, "SET search_path = own");
            Sql.run(one, "SET statement_timeout = '77s'");
            awaitRead(one);
            assertThat(Sql.value(one, "SHOW search_path")).isEqualTo("own");
            assertThat(Sql.value(one, "SHOW statement_timeout")).isEqualTo("77s");
            assertThat(Sql.value(one, "SELECT count(*) FROM notes")).isEqualTo("0");
        }
    }

    @Test
    void whereTheCatalogsCannotBeReadEveryTransactionIsLookedAfter() throws SQLException {
        direct(TABLE, trigger("PERFORM pg_advisory_lock(11);"));
        try (Connection connection = server.connect("code")) {
            Sql.run(connection, "REVOKE SELECT ON pg_attrdef FROM PUBLIC");
        }
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            for (int i = 0; i < 3; i++) {
                Sql.run(one, "INSERT INTO notes VALUES (1)");
                assertThat(pinned(running)).containsExactly("advisory lock");
                Sql.run(one, "SELECT pg_advisory_unlock_all()");
                assertThat(pinned(running)).isEmpty();
                await().pollDelay(Duration.ofSeconds(1)).untilAsserted(() -> Sql.run(one, "SELECT 1"));
            }
        }
    }

    /** What one user may not read another one's connection shows. */
    @Test
    void aUserWithoutRightsHidesNoCodeFromTheOthers() throws SQLException {
        direct(TABLE, trigger("PERFORM pg_advisory_lock(12);"));
        try (Connection connection = server.connect("code")) {
            Sql.run(
                    connection,
                    "DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN PASSWORD 'weak';"
                            + " REVOKE SELECT ON pg_attrdef FROM PUBLIC; GRANT SELECT ON pg_attrdef TO app");
        }
        Running running = Running.plain("[[users]]\nname = \"weak\"\npassword = \"weak\"\n"
                + "[[databases]]\nname = \"code\"\npool_size = 1\nservers = [\"127.0.0.1:" + server.port()
                + "\"]\n");
        pando = running;
        try (Connection weak = running.to("code", "weak", "preferQueryMode=simple");
                Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            Sql.run(weak, "SELECT 1");
            awaitRead(one);
            await().during(PlainCode.INTERVAL.plusSeconds(2))
                    .atMost(PlainCode.INTERVAL.multipliedBy(3))
                    .until(() -> "1".equals(Sql.value(weak, "SELECT 1")));
            Sql.run(one, "INSERT INTO notes VALUES (1)");
            assertThat(pinned(running)).containsExactly("advisory lock");
        }
    }
}

package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What triggers, defaults, views and policies of a plain database leave on server connections. */
class PlainCodeTest extends CodeDatabase {
    PlainCodeTest() throws SQLException {}

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
                assertCarried(one, two, act[1], act[0]);
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
    void harmlessFunctionsCostNoLook() throws SQLException {
        direct("CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 2 * $1'");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            assertThat(Sql.value(one, "SELECT twice(4)")).isEqualTo("8");
            awaitUnwatched(one, "SELECT twice(4)");
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
                        + " $$ SELECT set_config('app.own', 'immutable', false) $$",
                "CREATE FUNCTION wrapper() RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT note('wrapped') $$",
                "CREATE FUNCTION atomic() RETURNS text IMMUTABLE BEGIN ATOMIC SELECT note('atomic'); END");
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
                {"wrapped", "SELECT wrapper()"},
                {"atomic", "SELECT atomic()"},
            }) {
                assertCarried(one, two, act[1], act[0]);
            }
            Sql.run(one, "SELECT mislabelled()");
            assertThat(Sql.value(two, "SELECT coalesce(current_setting('app.own', true), '')"))
                    .isEmpty();
            assertThat(Sql.value(one, "SELECT current_setting('app.own')")).isEqualTo("immutable");
            Sql.run(one, "SELECT set_limit(0.9)");
            assertThat(Sql.value(two, "SELECT show_limit()")).isEqualTo("0.3");
            assertThat(Sql.value(one, "SELECT show_limit()")).isEqualTo("0.9");
            assertThat(pinned(running)).isEmpty();
            Sql.run(one, "SELECT query_to_xml('SELECT set_config(''app.b'', ''1'', false)', true, true, '')");
            assertThat(pinned(running)).containsExactly("function query_to_xml()");
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

    /** PL/pgSQL by another name: nobody can tell what the text of an unknown language does. */
    @Test
    void anotherLanguageKeepsTheConnection() throws SQLException {
        try (Connection connection = server.connect("code")) {
            Sql.run(
                    connection,
                    "CREATE TRUSTED LANGUAGE kin HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler");
        }
        String body = " LANGUAGE kin AS $$ BEGIN RETURN 1; END $$";
        direct(
                "CREATE FUNCTION unknown() RETURNS int" + body,
                "CREATE FUNCTION constant() RETURNS int IMMUTABLE" + body,
                "CREATE FUNCTION vouched() RETURNS int" + body,
                "COMMENT ON FUNCTION vouched() IS 'pando.safe'");
        Running running = start();
        try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
            awaitRead(one);
            Sql.run(one, "SELECT constant(), vouched()");
            assertThat(pinned(running)).isEmpty();
            Sql.run(one, "SELECT unknown()");
            assertThat(pinned(running)).containsExactly("function unknown()");
            Sql.run(one, "DISCARD ALL");
            Sql.run(one, "DO LANGUAGE kin $$ BEGIN PERFORM 1; END $$");
            assertThat(pinned(running)).containsExactly("DO");
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
}

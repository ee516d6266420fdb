package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.server.code.PlainCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the code of a plain database is read, with what rights, and what that reading does to clients. */
class CodeReadingTest extends CodeDatabase {
    CodeReadingTest() throws SQLException {}

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
            awaitUnwatched(one, "SELECT 'as before'");
            Sql.run(one, "INSERT INTO notes VALUES (1)");
            assertThat(pinned(running)).containsExactly("advisory lock");
        }
    }

    /** What parameters code may have set is asked for, and that question may end as any other. */
    @Test
    void whatCodeMayHaveSetAndNobodyCouldAskForKeepsTheConnection() throws SQLException {
        direct(
                TABLE,
                trigger("PERFORM set_config('app.tenant', 'one', false);"),
                "CREATE FUNCTION put(n text) RETURNS text LANGUAGE sql AS $$ SELECT set_config(n, 'x', false) $$");
        try (Connection lock = server.connect("code")) {
            lock.setAutoCommit(false);
            Sql.run(lock, "LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE");
            Running running = start();
            try (Connection one = running.to("code", "app", "preferQueryMode=simple")) {
                Sql.run(one, "SET statement_timeout = '300ms'");
                Sql.run(one, "INSERT INTO notes VALUES (1)");
                assertThat(pinned(running)).hasSize(1);
                assertThat(Sql.value(one, "SELECT current_setting('app.tenant')"))
                        .isEqualTo("one");
            }
            lock.rollback();
        }
    }
}

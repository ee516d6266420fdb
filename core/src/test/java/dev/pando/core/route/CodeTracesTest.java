package dev.pando.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.topology.Trace;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CodeTracesTest {
    private static final int LONG = 300_000;

    private static Set<Trace> traces(String body) {
        return CodeText.of(body).left();
    }

    @Test
    void everydayCodeLeavesNothing() {
        assertThat(traces("BEGIN UPDATE t SET a = 1; NEW.temp := 2; RETURN NEW; END"))
                .isEmpty();
        assertThat(traces("SELECT pg_advisory_xact_lock(1); INSERT INTO t VALUES ('set x'); NOTIFY n"))
                .isEmpty();
        assertThat(traces("BEGIN EXECUTE format('INSERT INTO %I VALUES ($1)', name) USING NEW.a; END"))
                .isEmpty();
        assertThat(traces("BEGIN EXECUTE 'CREATE TABLE IF NOT EXISTS ' || p || ' PARTITION OF t'; END"))
                .isEmpty();
        assertThat(traces("BEGIN SET LOCAL work_mem = '1MB'; PERFORM set_config('app.user', u, true); END"))
                .isEmpty();
        assertThat(traces("BEGIN SET CONSTRAINTS ALL DEFERRED; EXECUTE 'SET LOCAL app.x = 1'; EXECUTE 'SELECT 1'; END"))
                .isEmpty();
    }

    @Test
    void settingsAreKnownByName() {
        CodeText text = CodeText.of(
                "BEGIN PERFORM set_config('app.user', u, false); SET app.role TO 'x'; SET work_mem = 1; END");
        assertThat(text.left()).containsExactly(Trace.SETTINGS);
        assertThat(text.settings()).containsExactlyInAnyOrder("app.user", "app.role");
        assertThat(traces("SELECT set_config('app.' || a, 'v', false)"))
                .containsExactlyInAnyOrder(Trace.SETTINGS, Trace.UNSEEN);
        assertThat(traces("SELECT set_config('app.user', 'v', is_local)")).containsExactly(Trace.SETTINGS);
        assertThat(traces("SELECT set_config('app.user', (SELECT f(a, true)), false)"))
                .containsExactly(Trace.SETTINGS);
        assertThat(traces("UPDATE pg_settings SET setting = '1' WHERE name = 'work_mem'"))
                .containsExactly(Trace.SETTINGS);
    }

    @Test
    void otherStateIsKnownByItsWords() {
        assertThat(traces("SELECT pg_advisory_lock(1)")).containsExactly(Trace.LOCKS);
        assertThat(traces("BEGIN CREATE TEMP TABLE t (a int); END")).containsExactly(Trace.TEMPORARY);
        assertThat(traces("BEGIN LISTEN x; END")).containsExactly(Trace.LISTENING);
        assertThat(traces("BEGIN PREPARE p AS SELECT 1; END")).containsExactly(Trace.PREPARED);
        assertThat(traces("BEGIN LOAD 'x'; END")).containsExactly(Trace.UNSEEN);
        assertThat(traces("SELECT dblink_connect('x', 'y')")).containsExactly(Trace.UNSEEN);
    }

    @Test
    void sqlMadeFromTextIsJudgedByItsLiterals() {
        assertThat(traces("BEGIN EXECUTE sql; END")).isEqualTo(EnumSet.allOf(Trace.class));
        assertThat(traces("BEGIN EXECUTE 'SELECT set_config(''app.' || n || ''', 1, false)'; END"))
                .contains(Trace.SETTINGS, Trace.UNSEEN);
        assertThat(traces("BEGIN EXECUTE 'SELECT 1; SET app.x = 1'; END")).contains(Trace.SETTINGS, Trace.UNSEEN);
        assertThat(traces("BEGIN EXECUTE 'CREATE TEMPORARY TABLE ' || n; END")).containsExactly(Trace.TEMPORARY);
        assertThat(traces("BEGIN EXECUTE 'SELECT pg_try_advisory_lock(' || n || ')'; END"))
                .containsExactly(Trace.LOCKS);
        assertThat(traces("BEGIN EXECUTE 'PREPARE p AS SELECT ' || n; END")).containsExactly(Trace.PREPARED);
        assertThat(traces("BEGIN EXECUTE 'LISTEN ' || n; END")).containsExactly(Trace.LISTENING);
        assertThat(traces("BEGIN EXECUTE 'CREATE TE' || 'MP TABLE t (a int)'; END"))
                .containsExactly(Trace.TEMPORARY);
        assertThat(traces("BEGIN EXECUTE 'SELECT pg_advis' || 'ory_lock(7)'; END"))
                .containsExactly(Trace.LOCKS);
        assertThat(traces("SELECT query_to_xml(sql, true, true, '')")).isEqualTo(EnumSet.allOf(Trace.class));
        assertThat(traces("SELECT query_to_xml('SELECT pg_advisory_lock(1)', true, true, '')"))
                .containsExactly(Trace.LOCKS);
        assertThat(CodeText.of("BEGIN EXECUTE 'SELECT tenant(' || n || ')'; END")
                        .calls())
                .contains("tenant");
        assertThat(traces("BEGIN EXECUTE 'SET LOCAL app.x = ' || n; END")).isEmpty();
        CodeText named = CodeText.of("BEGIN EXECUTE format('SET app.tenant = %L', n); END");
        assertThat(named.left()).containsExactly(Trace.SETTINGS);
        assertThat(named.settings()).containsExactly("app.tenant");
        assertThat(traces("BEGIN EXECUTE format('SET %I = 1', n); END")).contains(Trace.UNSEEN);
        assertThat(traces("BEGIN EXECUTE 'SET app.a = 1; SET app.' || n; END")).contains(Trace.UNSEEN);
    }

    @Test
    void whatHidesFromTheReaderIsTakenForTheWorst() {
        assertThat(traces("BEGIN PERFORM set_config('search_path', 'pg_temp', true); CREATE TABLE t (a int); END"))
                .containsExactly(Trace.TEMPORARY);
        assertThat(traces("BEGIN EXECUTE 'SELECT 1; /* x */ SET app.x = 9'; END"))
                .contains(Trace.UNSEEN);
        assertThat(traces("BEGIN EXECUTE 'SELECT 1; -- x" + "\n" + " SET app.x = 9'; END"))
                .contains(Trace.UNSEEN);
        assertThat(traces("BEGIN EXECUTE 'SELECT 1; /* /* x */ */ SET app.x = 9'; END"))
                .contains(Trace.LOCKS);
        assertThat(traces("BEGIN EXECUTE E'SELECT pg_advisory\\x5flock(3)'; END"))
                .contains(Trace.LOCKS);
        assertThat(traces("BEGIN EXECUTE E'SELECT 1\\n, 2'; END")).isEmpty();
        assertThat(traces("BEGIN RAISE NOTICE E'\\x41'; END")).isEmpty();
    }

    @Test
    void anotherLanguageCanLeaveAnything() {
        CodeText silent = CodeText.foreign("return a + b");
        assertThat(silent.left()).isEqualTo(EnumSet.allOf(Trace.class));
        assertThat(CodeText.foreign("plpy.execute('SET app.tenant = 1')").settings())
                .containsExactly("app.tenant");
        assertThat(CodeText.foreign("spi_exec_query(\"SELECT set_config('app.a', $b, false)\")")
                        .settings())
                .containsExactly("app.a");
    }

    /** Some of these took minutes: what is read once must not be read again for each of its letters. */
    @Test
    @Timeout(60)
    void longTextsAreReadInOnePass() {
        for (String text : List.of(
                "'" + "ab".repeat(LONG) + "'",
                "'" + "a ".repeat(LONG) + "'",
                "'" + "/* ".repeat(LONG) + "'",
                "'" + "-- ".repeat(LONG) + "'",
                "'" + "--\n".repeat(LONG) + "'",
                "E'" + "\\\\".repeat(LONG) + "'",
                "'" + " ".repeat(LONG) + "'",
                "'" + "; ".repeat(LONG) + "'",
                "'" + "; set ".repeat(LONG) + "'",
                "'" + "pg_advisory_".repeat(LONG) + "'",
                "'" + "a.".repeat(LONG) + "'",
                "'a' || ".repeat(LONG) + "''",
                "set_config(" + "a ".repeat(LONG) + ")",
                "set_config('a', " + "(".repeat(LONG) + ")",
                "1; SET " + "a.".repeat(LONG) + "b",
                "1; " + "SET a.b = 1; ".repeat(LONG / 10))) {
            assertThat(traces("BEGIN EXECUTE " + text + "; END"))
                    .as(text.substring(0, 20))
                    .isNotNull();
            assertThat(CodeText.foreign("SET session " + text).left()).isNotEmpty();
        }
    }
}

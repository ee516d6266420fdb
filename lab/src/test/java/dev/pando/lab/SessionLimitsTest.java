package dev.pando.lab;

import static dev.pando.lab.TemporaryServerTest.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a session of a guarded server may do to the one who reads its answers. */
class SessionLimitsTest {
    /** No statement_timeout and no cancel request ends it. */
    static final String SWALLOWS = """
            DO $$ BEGIN LOOP
              BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END;
            END LOOP; END $$""";

    private static TemporaryServer server;

    @BeforeAll
    static void start() {
        server = TemporaryServer.startGuarded(Major.newest(), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatSwallowsItsCancellationIsEnded() throws SQLException {
        try (Connection session = server.connect("postgres", "preferQueryMode=simple")) {
            execute(session, "CREATE TABLE kept (id int); SET statement_timeout = 50");
            try (var _ = server.limit(session, Duration.ofMillis(300))) {
                SQLException e = catchThrowableOfType(SQLException.class, () -> execute(session, SWALLOWS));
                assertThat(Messages.of(e)).isEqualTo("it ran for more than 300 ms and did not let itself be cancelled");
            }
            assertThat(session.isClosed()).isTrue();
        }
        try (Connection next = server.connect()) {
            assertThat(one(next, "SELECT count(*) FROM kept")).isEqualTo("0");
            assertThat(one(next, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%query_canceled%'"))
                    .isEqualTo("1");
        }
    }

    /** The driver sends its own BEGIN with it, which is answered at once. */
    @Test
    void theFirstStatementOfATransactionIsWatchedToo() throws SQLException {
        try (Connection session = server.connect()) {
            session.setAutoCommit(false);
            try (var _ = server.limit(session, Duration.ofMillis(300))) {
                SQLException e = catchThrowableOfType(SQLException.class, () -> execute(session, SWALLOWS));
                assertThat(Messages.of(e)).startsWith("it ran for more than 300 ms");
            }
        }
    }

    @Test
    void aSessionMayTakeItsTimeBetweenRequests() throws SQLException {
        try (Connection session = server.connect();
                var _ = server.limit(session, Duration.ofMillis(200));
                Connection other = server.connect()) {
            execute(session, "SELECT 1");
            execute(other, "SELECT pg_sleep(0.5)");
            assertThat(one(session, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void aFloodOfNoticesIsCutShort() throws SQLException {
        try (Connection session = server.connect();
                Statement statement = session.createStatement()) {
            statement.execute("""
                    DO $$ BEGIN SET client_min_messages = notice;
                    FOR i IN 1..30000 LOOP RAISE NOTICE 'note %', i; END LOOP; RAISE NOTICE '%', repeat('x', 70000000); END $$""");
            int notices = 0;
            String last = "";
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                notices++;
                last = String.valueOf(warning.getMessage());
            }
            assertThat(notices).isBetween(1_000, 20_000);
            assertThat(last).isEqualTo(AnswerFilter.NOTICES_LEFT_OUT);
            assertThat(one(session, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void rowsThatNobodyCanHoldAreAnError() throws SQLException {
        try (Connection session = server.connect()) {
            for (String rows : new String[] {
                "SELECT repeat('x', 100000) FROM generate_series(1, 1000)", "SELECT repeat('x', 70000000)"
            }) {
                SQLException e = catchThrowableOfType(SQLException.class, () -> one(session, rows));
                assertThat(e.getSQLState()).isEqualTo("54000");
                assertThat(Messages.of(e)).isEqualTo("the answer is longer than 64 MB");
                assertThat(AnswerFilter.tooManyRows(e)).isTrue();
            }
            SQLException forged = catchThrowableOfType(
                    SQLException.class,
                    () -> execute(
                            session,
                            "DO $$ BEGIN RAISE 'the answer is longer than 64 MB' USING ERRCODE = '54000'; END $$"));
            assertThat(AnswerFilter.tooManyRows(forged)).isFalse();
            assertThat(one(session, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void anErrorsTextIsCutShort() throws SQLException {
        try (Connection session = server.connect()) {
            assertThatThrownBy(() -> execute(session, "DO $$ BEGIN RAISE EXCEPTION '%', repeat('ü', 5000000); END $$"))
                    .isInstanceOf(SQLException.class)
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeBetween(30_000, 70_000));
            assertThat(one(session, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void notificationsDoNotPileUp() throws SQLException {
        try (Connection session = server.connect()) {
            execute(session, "LISTEN flood");
            execute(session, "SELECT pg_notify('flood', i::text) FROM generate_series(1, 1000) i");
            assertThat(session.unwrap(org.postgresql.PGConnection.class).getNotifications())
                    .isNullOrEmpty();
        }
    }

    /** Stopped, a process takes no signal but the last one. */
    @Test
    void aServerThatDoesNotEndASessionIsStopped() throws Exception {
        TemporaryServer stubborn = TemporaryServer.startGuarded(Major.newest(), Map.of());
        try (Connection session = stubborn.connect()) {
            String pid = one(session, "SELECT pg_backend_pid()");
            new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
            TemporaryServer.Limit limit = stubborn.limit(session, Duration.ofMillis(100));
            SQLException e = catchThrowableOfType(SQLException.class, () -> execute(session, "SELECT 1"));
            assertThat(Messages.of(e)).contains("it ran for more than 100 ms");
            limit.close();
            assertThatThrownBy(stubborn::connect)
                    .isInstanceOfSatisfying(
                            PandoException.class,
                            refused -> assertThat(refused.error()).isEqualTo(PandoError.SESSION_ENDED));
        } finally {
            stubborn.close();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

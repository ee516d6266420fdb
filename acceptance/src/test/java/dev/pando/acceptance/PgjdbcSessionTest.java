package dev.pando.acceptance;

import static dev.pando.acceptance.Jdbc.execute;
import static dev.pando.acceptance.Jdbc.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transactions, cursors, time limits and the other states of a session, through pgjdbc. */
class PgjdbcSessionTest {
    /** Sleeps far longer than any test may take, on each shard that it concerns. */
    private static final String SLEEP = "SELECT count(*) FROM jdbc_events WHERE n = 1 AND pg_sleep(200) IS NOT NULL";

    private static final String CANCELED = "57014";

    @BeforeAll
    static void createTables() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(
                    connection,
                    "CREATE TABLE jdbc_events (user_id int NOT NULL, n int NOT NULL, PRIMARY KEY (user_id, n))",
                    "SELECT pando.distribute('jdbc_events', 'user_id')");
            for (int user = 1; user <= 12; user++) {
                execute(connection, "INSERT INTO jdbc_events SELECT " + user + ", n FROM generate_series(1, 100) n");
            }
        }
    }

    @AfterAll
    static void dropTables() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(connection, "DROP TABLE jdbc_events");
        }
    }

    @Test
    void aCursorReadsOneShardPieceByPiece() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement events =
                    connection.prepareStatement("SELECT n FROM jdbc_events WHERE user_id = ? ORDER BY n")) {
                events.setFetchSize(7);
                events.setInt(1, 3);
                try (ResultSet rows = events.executeQuery()) {
                    for (int n = 1; n <= 100; n++) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(n);
                        if (n % 10 == 0) {
                            // Another statement on the same shard, while the cursor stands.
                            assertThat(list(connection, "SELECT count(*) FROM jdbc_events WHERE user_id = 3"))
                                    .containsExactly("100");
                        }
                    }
                    assertThat(rows.next()).isFalse();
                }
            }
            connection.commit();
        }
    }

    @Test
    void savepointsWorkOnOneShardAndAcross() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO jdbc_events VALUES (3, 1001)");
            Savepoint savepoint = connection.setSavepoint("before");
            assertState("23505", () -> execute(connection, "INSERT INTO jdbc_events VALUES (3, 1001)"));
            connection.rollback(savepoint);
            execute(connection, "INSERT INTO jdbc_events VALUES (3, 1002)");
            connection.releaseSavepoint(savepoint);
            connection.commit();
            assertThat(list(connection, "DELETE FROM jdbc_events WHERE user_id = 3 AND n > 1000 RETURNING n"))
                    .containsExactlyInAnyOrder("1001", "1002");
            connection.commit();

            execute(connection, "UPDATE jdbc_events SET n = -n WHERE n = 1");
            Savepoint across = connection.setSavepoint("across");
            execute(connection, "DELETE FROM jdbc_events");
            assertState("22012", () -> execute(connection, "UPDATE jdbc_events SET n = 1 / 0"));
            connection.rollback(across);
            assertThat(list(connection, "SELECT count(*) FROM jdbc_events WHERE n = -1"))
                    .doesNotContain("0");
            assertThat(list(connection, "SELECT count(*) FROM jdbc_events WHERE n = 1"))
                    .containsExactly("0");
            connection.rollback();
            assertThat(list(connection, "SELECT count(*) FROM jdbc_events WHERE n < 0"))
                    .containsExactly("0");
            connection.commit();
        }
    }

    @Test
    void cancelEndsAStatementOnOneShardAndOnAll() throws Exception {
        for (String sql : List.of(SLEEP, SLEEP + " AND user_id = 5")) {
            try (Connection connection = Shared.pando().connect();
                    Statement statement = connection.createStatement()) {
                CompletableFuture<Void> running = CompletableFuture.runAsync(() ->
                        assertState(CANCELED, () -> statement.executeQuery(sql).close()));
                int shards = sql.equals(SLEEP) ? Shared.SHARDS : 1;
                awaitSleepers(shards);
                statement.cancel();
                running.join();
                awaitSleepers(0);
                assertThat(list(connection, "SELECT count(*) FROM jdbc_events")).containsExactly("1200");
            }
        }
    }

    @Test
    void timeLimitsEndAStatementOnOneShardAndOnAll() throws SQLException {
        for (String sql : List.of(SLEEP, SLEEP + " AND user_id = 5")) {
            try (Connection connection = Shared.pando().connect()) {
                try (Statement statement = connection.createStatement()) {
                    statement.setQueryTimeout(1);
                    assertState(CANCELED, () -> statement.executeQuery(sql).close());
                }
                execute(connection, "SET statement_timeout = '700ms'");
                assertState(CANCELED, () -> list(connection, sql));
                assertThat(list(connection, "SHOW statement_timeout")).containsExactly("700ms");
                execute(connection, "RESET statement_timeout");
                assertThat(list(connection, "SELECT count(*) FROM jdbc_events")).containsExactly("1200");
            }
            awaitSleepers(0);
            try (Connection another = Shared.pando().connect()) {
                assertThat(list(another, "SHOW statement_timeout")).containsExactly("0");
            }
        }
    }

    /** Waits until the statement sleeps on so many shards. */
    private static void awaitSleepers(int count) {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            int sleeping = 0;
            for (int shard = 0; shard < Shared.SHARDS; shard++) {
                try (Connection direct = Shared.pando().direct(shard)) {
                    sleeping += Integer.parseInt(list(direct, sql).getFirst());
                }
            }
            return sleeping == count;
        });
    }

    @Test
    void withoutAutoCommitOthersSeeNothingBeforeCommit() throws SQLException {
        try (Connection connection = Shared.pando().connect();
                Connection other = Shared.pando().connect()) {
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO jdbc_events SELECT 20, 1", "UPDATE jdbc_events SET n = -n WHERE n = 2");
            assertThat(list(connection, "SELECT count(*) FROM jdbc_events WHERE n < 0"))
                    .containsExactly("12");
            assertThat(list(other, "SELECT count(*) FROM jdbc_events WHERE n < 0"))
                    .containsExactly("0");
            connection.rollback();
            execute(connection, "UPDATE jdbc_events SET n = -n WHERE n = 2");
            connection.commit();
            assertThat(list(other, "SELECT count(*) FROM jdbc_events WHERE n < 0"))
                    .containsExactly("12");
            execute(connection, "UPDATE jdbc_events SET n = -n WHERE n < 0");
            connection.commit();
        }
    }

    @Test
    void readOnlyConnectionsReadEverythingAndWriteNothing() throws SQLException {
        for (String mode : List.of("transaction", "always")) {
            try (Connection connection = Shared.pando().connect("readOnlyMode=" + mode)) {
                connection.setReadOnly(true);
                connection.setAutoCommit(mode.equals("always"));
                assertThat(list(connection, "SELECT count(*) FROM jdbc_events")).containsExactly("1200");
                assertState("25006", () -> execute(connection, "DELETE FROM jdbc_events WHERE user_id = 4"));
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                assertState("25006", () -> execute(connection, "UPDATE jdbc_events SET n = -n"));
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                connection.setReadOnly(false);
                execute(connection, "DELETE FROM jdbc_events WHERE user_id = 4000");
            }
            try (Connection another = Shared.pando().connect()) {
                execute(another, "DELETE FROM jdbc_events WHERE user_id = 4000");
            }
        }
    }

    @Test
    void repeatableReadNeedsOneShard() throws SQLException {
        try (Connection connection = Shared.pando().connect("readOnlyMode=always")) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            assertThat(list(connection, "SELECT count(*) FROM jdbc_events WHERE user_id = 3"))
                    .containsExactly("100");
            connection.rollback();
            assertThatThrownBy(() -> list(connection, "SELECT count(*) FROM jdbc_events"))
                    .hasMessageContaining("PD4001");
            connection.rollback();
            connection.setAutoCommit(true);
            connection.setReadOnly(true);
            connection.setReadOnly(false);
            connection.setAutoCommit(false);
            assertThat(list(connection, "SHOW transaction_isolation")).containsExactly("repeatable read");
            connection.rollback();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(list(connection, "SELECT count(*) FROM jdbc_events")).containsExactly("1200");
            connection.rollback();
        }
    }

    @Test
    void discardAllMakesASessionNew() throws SQLException {
        try (Connection connection = Shared.pando().connect("prepareThreshold=1");
                PreparedStatement count =
                        connection.prepareStatement("SELECT count(*) FROM jdbc_events WHERE user_id = ?")) {
            for (int round = 0; round < 3; round++) {
                for (int user = 1; user <= 12; user++) {
                    count.setInt(1, user);
                    assertThat(list(count.executeQuery())).containsExactly("100");
                }
                execute(
                        connection,
                        "SET search_path = pg_catalog",
                        "SET work_mem = '1MB'",
                        "CREATE TEMP TABLE mine (id int)",
                        "INSERT INTO pg_temp.mine VALUES (1)");
                execute(connection, "DISCARD ALL");
                assertThat(list(connection, "SHOW work_mem")).doesNotContain("1MB");
                assertState("42P01", () -> list(connection, "SELECT * FROM pg_temp.mine"));
            }
        }
    }

    /** Their statements are the same on servers, and some server is asked by both. */
    @Test
    void deallocateOfOneClientLeavesAnothersStatements() throws SQLException {
        String sql = "SELECT count(*) FROM jdbc_events";
        try (Connection other = Shared.pando().connect("prepareThreshold=-1");
                PreparedStatement theirs = other.prepareStatement(sql);
                Connection connection = Shared.pando().connect("prepareThreshold=-1")) {
            for (String deallocate : List.of("DEALLOCATE ALL", "PREPARE p AS SELECT 1; DEALLOCATE ALL")) {
                theirs.executeQuery().close();
                execute(connection, "PREPARE q AS SELECT 2", deallocate);
                assertState("26000", () -> execute(connection, "EXECUTE q"));
                theirs.executeQuery().close();
                execute(connection, sql);
            }
            execute(connection, "PREPARE r AS SELECT 2", "EXECUTE r", "DEALLOCATE r");
            assertState("26000", () -> execute(connection, "DEALLOCATE r"));
        }
    }

    @Test
    void theAdminDatabaseAnswersDrivers() throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + Shared.pando().port() + "/pando?user=app&password=app";
        for (String mode : List.of("simple", "extended")) {
            try (Connection admin = DriverManager.getConnection(url + "&preferQueryMode=" + mode)) {
                assertThat(admin.isValid(10)).isTrue();
                for (int round = 0; round < 7; round++) {
                    assertThat(list(admin, "SHOW SHARDS")).contains("shard-0", "shard-1", "shard-2");
                }
                assertThatThrownBy(() -> execute(admin, "DELETE FROM jdbc_events"))
                        .hasMessageContaining("PD1010");
                assertThat(admin.isValid(10)).isTrue();
            }
        }
    }

    private static void assertState(String sqlState, ThrowingCallable statement) {
        assertThatThrownBy(statement)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState));
    }
}

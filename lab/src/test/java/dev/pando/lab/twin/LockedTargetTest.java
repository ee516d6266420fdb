package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A target that somebody keeps from being read is told with what is locked, by whom and since when. */
class LockedTargetTest {
    private static TemporaryServer server;

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start();
        try (Connection connection = server.connect()) {
            Sql.run(
                    connection,
                    "CREATE TABLE orders (id int PRIMARY KEY)",
                    "CREATE TABLE other (id int)",
                    "CREATE ROLE watcher LOGIN",
                    "GRANT pg_monitor TO watcher");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whoHoldsTheLockIsTold() throws SQLException {
        try (Connection holder = session("migration")) {
            Sql.run(holder, "ALTER TABLE orders ALTER id TYPE bigint", "LOCK TABLE other IN ROW EXCLUSIVE MODE");
            String holding = pid(holder);
            assertThatThrownBy(() -> target().read()).isInstanceOfSatisfying(PandoException.class, e -> {
                assertThat(e.error()).isEqualTo(PandoError.TARGET_LOCKED);
                assertThat(e.getMessage())
                        .contains("/postgres: public.orders locked by pid " + holding + " (migration, ")
                        .containsPattern("transaction since 20\\d\\d-[-\\d]+ [:\\d]+ UTC, idle in transaction\\)")
                        .doesNotContain("orders_pkey")
                        .doesNotContain("other");
                assertThat(e.hint()).contains("pg_terminate_backend");
            });
            holder.rollback();
        }
        assertThat(target().read().relations()).isNotEmpty();
    }

    @Test
    void whoWaitsForTheLockIsTold() throws SQLException, InterruptedException {
        try (Connection reader = session("report");
                Connection waiter = session("migration")) {
            Sql.run(reader, "SELECT FROM orders");
            String waiting = pid(waiter);
            Thread alter = Thread.ofVirtual().start(() -> blocked(waiter));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> waits(reader, waiting));
            assertThatThrownBy(() -> target().read())
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("waits to lock public.orders, behind pid " + pid(reader))
                    .hasMessageContaining("pid " + waiting + " (migration, ");
            reader.rollback();
            alter.join();
        }
    }

    private static void blocked(Connection waiter) {
        try (Statement statement = waiter.createStatement()) {
            statement.execute("LOCK TABLE orders");
            waiter.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean waits(Connection connection, String pid) throws SQLException {
        return Sql.one(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + pid)
                .equals("1");
    }

    private static Target target() {
        return Target.of("postgres://watcher@127.0.0.1:" + server.port() + "/postgres", Map.of());
    }

    private static Connection session(String application) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port()
                + "/postgres?user=postgres&ApplicationName=" + application);
        connection.setAutoCommit(false);
        return connection;
    }

    private static String pid(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT pg_backend_pid()");
    }
}

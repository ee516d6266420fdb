package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** PAUSE and its relatives, from the admin database down to the servers. */
class OperationsTest {
    private static final String SETTINGS = "[listen]\nport = 0\n[pool]\nsize = 8\n";
    private static final String BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'pando'";

    @Test
    void aPauseLetsTransactionsEndAndLosesNoStatement() throws Exception {
        try (Running pando = Running.before(2, SETTINGS + "queue_timeout = \"1s\"");
                Connection admin = pando.admin("app");
                Statement command = admin.createStatement();
                WireClient open = new WireClient(pando.port()).login();
                WireClient late = new WireClient(pando.port()).login()) {
            open.query("BEGIN; SELECT 1");
            open.received();
            CompletableFuture<Void> paused = inBackground(command, "PAUSE");
            await().until(() -> pando.status().endsWith("paused"));
            late.query("SELECT 1");
            await().until(() -> pando.status().contains("1 waiting"));
            open.query("SELECT 2");
            assertThat(open.received().rows()).as("a transaction goes on").isEqualTo(1);
            assertThat(paused).as("waits for the transaction").isNotDone();
            open.query("ROLLBACK");
            open.received();
            paused.join();
            await().until(() -> backends(0).isEmpty());
            assertThat(shown(command, "SHOW STATE", "key", "value")).containsEntry("paused", "yes");
            assertThat(shown(command, "SHOW DATABASES", "name", "paused")).containsEntry("app@s0", "1");
            await().until(() -> Double.parseDouble(shown(command, "SHOW POOLS", "database", "maxwait").values().stream()
                            .max(String::compareTo)
                            .orElse("0"))
                    >= 2);
            command.execute("RESUME");
            assertThat(late.received().rows()).as("longer than queue_timeout").isEqualTo(1);
            assertThat(pando.status()).doesNotContain("paused");
        }
    }

    @Test
    void aTransactionOverShardsEndsThoughTheOtherShardIsPaused() throws Exception {
        try (Running pando = Running.before(2, SETTINGS);
                Connection admin = pando.admin("app");
                Statement command = admin.createStatement();
                Connection client = pando.connect();
                Statement statement = client.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS paused_orders");
            statement.execute("CREATE TABLE paused_orders (id bigint PRIMARY KEY)");
            statement.execute("SELECT pando.distribute('paused_orders', 'id')");
            command.execute("RECONNECT");
            client.setAutoCommit(false);
            statement.execute("INSERT INTO paused_orders VALUES (1)");
            CompletableFuture<Void> paused = inBackground(command, "PAUSE");
            await().until(() -> pando.status().endsWith("paused"));
            for (int i = 2; i < 20; i++) {
                statement.execute("INSERT INTO paused_orders VALUES (" + i + ")");
            }
            client.commit();
            paused.join();
            command.execute("RESUME");
            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM paused_orders")) {
                assertThat(count.next()).isTrue();
                assertThat(count.getLong(1)).isEqualTo(19);
            }
            client.rollback();
            client.setAutoCommit(true);
            statement.execute("DROP TABLE paused_orders");
        }
    }

    @Test
    void aPauseThatWaitsEndsByResumeOrByCancel() throws Exception {
        try (Running pando = Running.before(1, SETTINGS);
                Connection admin = pando.admin("app");
                Statement command = admin.createStatement();
                Connection other = pando.admin("app");
                Statement resume = other.createStatement();
                WireClient open = new WireClient(pando.port()).login()) {
            open.query("BEGIN; SELECT 1");
            open.received();
            CompletableFuture<Void> first = inBackground(command, "PAUSE app");
            await().until(() -> pando.status().endsWith("paused"));
            resume.execute("RESUME");
            assertThatThrownBy(first::join).hasMessageContaining("RESUME ended the pause");

            CompletableFuture<Void> second = inBackground(command, "PAUSE app");
            await().until(() -> pando.status().endsWith("paused"));
            command.cancel();
            assertThatThrownBy(second::join).hasMessageContaining("canceling statement due to user request");
            assertThat(pando.status()).endsWith("paused");
            resume.execute("RESUME");
        }
    }

    @Test
    void reconnectReplacesEveryServerConnection() throws Exception {
        try (Running pando = Running.before(1, SETTINGS);
                Connection admin = pando.admin("app");
                Statement command = admin.createStatement();
                WireClient holds = new WireClient(pando.port()).login();
                WireClient other = new WireClient(pando.port()).login()) {
            holds.query("BEGIN; SELECT 1");
            holds.received();
            other.query("SELECT 1");
            other.received();
            List<Integer> before = backends(0);
            command.execute("RECONNECT");
            assertThat(shown(command, "SHOW SERVERS", "state", "close_needed"))
                    .containsExactly(Map.entry("active", "1"));
            CompletableFuture<Void> closed = inBackground(command, "WAIT_CLOSE");
            other.query("SELECT 1");
            other.received();
            assertThat(closed).isNotDone();
            holds.query("COMMIT");
            holds.received();
            closed.join();
            await().until(() -> backends(0).stream().noneMatch(before::contains));
        }
    }

    @Test
    void killHangsUp() throws Exception {
        try (Running pando = Running.before(1, SETTINGS);
                Connection admin = pando.admin("app");
                Statement command = admin.createStatement();
                WireClient one = new WireClient(pando.port()).login();
                WireClient two = new WireClient(pando.port()).login();
                WireClient three = new WireClient(pando.port()).login("other", "app")) {
            three.query("BEGIN; SELECT 1");
            three.received();
            String id = shown(command, "SHOW CLIENTS", "user", "id").get("other");
            command.execute("KILL_CLIENT " + id);
            assertThat(three.nextError())
                    .isEqualTo("57P01 terminating connection due to administrator command (PD1015)");
            await().until(() -> !shown(command, "SHOW CLIENTS", "user", "id").containsKey("other"));
            assertThatThrownBy(() -> command.execute("KILL_CLIENT " + id)).hasMessageContaining("no client");
            one.query("SELECT pg_sleep(60)");
            await().until(() -> shown(command, "SHOW CLIENTS", "state", "id").containsKey("active"));
            command.execute("KILL");
            assertThat(one.nextError()).startsWith("57P01");
            assertThat(two.nextError()).startsWith("57P01");
            await().until(() -> backends(0).isEmpty());
            command.execute("RESUME");
            try (WireClient again = new WireClient(pando.port()).login()) {
                again.query("SELECT 1");
                assertThat(again.received().rows()).isEqualTo(1);
            }
        }
    }

    @Test
    void whoIsNoAdministratorMayLookOnly() throws Exception {
        try (Running pando = Running.before(1, SETTINGS);
                Connection admin = pando.admin("other", "preferQueryMode=simple");
                Statement command = admin.createStatement()) {
            assertThatThrownBy(() -> command.execute("PAUSE"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            assertThat(shown(command, "SHOW USERS", "name", "admin"))
                    .containsExactly(Map.entry("app", "yes"), Map.entry("other", "no"));
            assertThat(pando.status()).doesNotContain("paused");
        }
    }

    private static CompletableFuture<Void> inBackground(Statement statement, String sql) {
        return CompletableFuture.runAsync(() -> executed(statement, sql)).orTimeout(20, TimeUnit.SECONDS);
    }

    private static void executed(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static Map<String, String> shown(Statement statement, String sql, String key, String value)
            throws SQLException {
        Map<String, String> all = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.put(rows.getString(key), rows.getString(value));
            }
        }
        return all;
    }

    /** Process ids of the servers' ends of pooled connections. */
    private static List<Integer> backends(int server) throws SQLException {
        List<Integer> all = new ArrayList<>();
        try (Connection direct = Running.servers(server + 1).get(server).connect();
                Statement statement = direct.createStatement();
                ResultSet rows = statement.executeQuery(BACKENDS)) {
            while (rows.next()) {
                all.add(rows.getInt(1));
            }
        }
        return all;
    }
}

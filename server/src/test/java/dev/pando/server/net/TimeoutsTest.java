package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that take too long, before real servers: what they are told, and that nothing of them is left on any shard. */
class TimeoutsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Running pando(int shards, String timeouts) throws SQLException {
        return Running.before(shards, "[listen]\nport = 0\n[pool]\nsize = 4\n[timeouts]\n" + timeouts);
    }

    /** A table with forty rows, spread over the shards. */
    private static void prepare(Running pando, String table) throws SQLException {
        String values = IntStream.rangeClosed(1, 40)
                .mapToObj(id -> "(" + id + ", 'old')")
                .collect(Collectors.joining(", "));
        try (Connection client = pando.connect();
                Statement statement = client.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + table);
            statement.execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY, v text)");
            statement.execute("SELECT pando.distribute('" + table + "', 'id')");
            statement.execute("INSERT INTO " + table + " VALUES " + values);
        }
    }

    /** Transactions that the client's user has on all servers. */
    private static int open(int shards) throws SQLException {
        int sum = 0;
        for (TemporaryServer server : Running.servers(shards)) {
            sum += number(
                    server, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND xact_start IS NOT NULL");
            sum += number(server, "SELECT count(*) FROM pg_prepared_xacts");
        }
        return sum;
    }

    private static int number(TemporaryServer server, String sql) throws SQLException {
        try (Connection direct = server.connect();
                Statement statement = direct.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void nothingIsLeft(Running pando, String table) throws SQLException {
        await().atMost(LONG).until(() -> open(2) == 0);
        try (Connection client = pando.connect();
                Statement statement = client.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE " + table + " SET v = 'mine' WHERE v = 'old'"))
                    .as("rows as they were, and no lock on them")
                    .isEqualTo(40);
            statement.execute("DROP TABLE " + table);
        }
    }

    @Test
    void aTransactionThatRestsTooLongIsRolledBackOnAllShards() throws Exception {
        try (Running pando = pando(2, "idle_transaction = \"2s\"\n")) {
            prepare(pando, "resting");
            try (WireClient client = new WireClient(pando.port()).login()) {
                client.query("BEGIN");
                client.received();
                client.query("UPDATE resting SET v = 'new'");
                client.received();
                assertThat(open(2)).isEqualTo(2);
                assertThat(client.nextError()).startsWith("25P03 terminating connection due to idle-in-transaction");
                client.untilHungUp();
            }
            nothingIsLeft(pando, "resting");
        }
    }

    @Test
    void aTransactionThatLastsTooLongIsCancelledWhereItWaitsAndRolledBackOnAllShards() throws Exception {
        try (Running pando = pando(2, "transaction = \"3s\"\n")) {
            prepare(pando, "lasting");
            try (WireClient client = new WireClient(pando.port()).login();
                    Connection holder = Running.servers(2).getLast().connect("app");
                    Statement locking = holder.createStatement()) {
                holder.setAutoCommit(false);
                locking.execute("LOCK TABLE lasting");
                client.query("BEGIN");
                client.received();
                client.query("UPDATE lasting SET v = 'new'");
                assertThat(client.nextError()).startsWith("25P04 terminating connection due to transaction timeout");
                await().atMost(LONG).until(() -> open(2) == 0);
            }
            nothingIsLeft(pando, "lasting");
        }
    }

    @Test
    void aQueryThatRunsTooLongIsCancelledAndItsSessionGoesOn() throws Exception {
        try (Running pando = pando(1, "query = \"2s\"\n");
                Connection client = pando.connect();
                Statement statement = client.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            try (ResultSet row = statement.executeQuery("SELECT 1")) {
                assertThat(row.next()).isTrue();
            }
            assertThat(open(1)).isZero();
        }
    }

    @Test
    void aClientThatSaysNothingIsHungUpOn() throws Exception {
        try (Running pando = pando(1, "client_idle = \"500ms\"\n");
                WireClient client = new WireClient(pando.port()).login()) {
            assertThat(client.nextError()).startsWith("57P05 terminating connection due to idle-session timeout");
        }
    }

    @Test
    void clientsOfAUserAndOfADatabaseAreCounted() throws Exception {
        String limits = "[listen]\nport = 0\nmax_user_clients = 1\nmax_database_clients = 2\n[pool]\nsize = 4";
        try (Running pando = Running.before(1, limits);
                WireClient app = new WireClient(pando.port()).login()) {
            assertThatThrownBy(() -> new WireClient(pando.port()).login())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("53300 too many connections for user \"app\": 1 of 1");
            try (WireClient other = new WireClient(pando.port()).login("other", "app")) {
                app.hangUp();
                await().atMost(LONG).until(() -> admits(pando));
                assertThat(other.parameter("server_version")).isNotEmpty();
            }
        }
    }

    private static boolean admits(Running pando) {
        try (WireClient again = new WireClient(pando.port()).login()) {
            return again.parameter("server_version").length() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aLimitOfTheDatabaseIsKeptAndServesAll() throws Exception {
        String limits = "[listen]\nport = 0\n[pool]\nsize = 4\nmax_database_connections = 1";
        try (Running pando = Running.before(1, limits);
                WireClient app = new WireClient(pando.port()).login();
                WireClient other = new WireClient(pando.port()).login("other", "app")) {
            for (WireClient client : List.of(app, other, app, other)) {
                client.query("SELECT 1");
                assertThat(client.received().rows()).isEqualTo(1);
            }
        }
    }

    @Test
    void theClientsAddressStandsBehindItsName() throws Exception {
        try (Running pando =
                        Running.before(1, "[listen]\nport = 0\napplication_name_add_host = true\n[pool]\nsize = 2");
                Connection client = pando.connect("ApplicationName=report", "assumeMinServerVersion=9.0");
                Statement statement = client.createStatement();
                ResultSet row = statement.executeQuery("SHOW application_name")) {
            row.next();
            assertThat(row.getString(1)).matches("report - 127\\.0\\.0\\.1:\\d+");
        }
    }
}

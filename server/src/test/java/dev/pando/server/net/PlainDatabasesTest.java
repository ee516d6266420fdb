package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Databases that are pooled as they are, beside a sharded one or without. */
class PlainDatabasesTest {
    private static List<TemporaryServer> servers = List.of();
    private @Nullable Running pando;

    @BeforeAll
    static void databases() throws SQLException {
        servers = Running.servers(2);
        try (Connection connection = servers.getFirst().connect()) {
            for (String name : List.of("plain_one", "plain_two")) {
                Sql.run(connection, "DROP DATABASE IF EXISTS " + name);
                Sql.run(connection, "CREATE DATABASE " + name + " OWNER app");
            }
        }
    }

    @AfterEach
    void stop() {
        if (pando != null) {
            pando.close();
        }
    }

    private Running start(String settings) {
        Running started = Running.plain(settings);
        pando = started;
        return started;
    }

    private static String server(int index) {
        return "\"127.0.0.1:" + servers.get(index).port() + "\"";
    }

    /** An entry at the first server. */
    private static String entry(String name, String more) {
        return "[[databases]]\nname = \"" + name + "\"\nservers = [" + server(0) + "]\n" + more + "\n";
    }

    @Test
    void eachNameLeadsToItsOwnDatabase() throws SQLException {
        Running running = start(entry("plain_one", "") + entry("two", "dbname = \"plain_two\""));
        try (Connection one = running.to("plain_one", "app");
                Connection two = running.to("two", "app")) {
            Sql.run(one, "CREATE TABLE only_here (id int)");
            assertThat(Sql.value(one, "SELECT current_database()")).isEqualTo("plain_one");
            assertThat(Sql.value(two, "SELECT current_database()")).isEqualTo("plain_two");
            assertThat(Sql.value(two, "SELECT to_regclass('only_here')")).isNull();
            // Nothing of Pando's own is needed or left there.
            assertThat(Sql.value(one, "SELECT count(*) FROM pg_namespace WHERE nspname = 'pando'"))
                    .isEqualTo("0");
            Sql.run(one, "DROP TABLE only_here");
        }
        assertThatThrownBy(() -> running.to("three", "app"))
                .hasMessageContaining("database \"three\" does not exist")
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("3D000");
    }

    @Test
    void settingsAreFollowedInTransactionModeAndPandosFunctionsRefused() throws SQLException {
        Running running = start(entry("plain_one", "pool_size = 1"));
        try (Connection one = running.to("plain_one", "app");
                Connection other = running.to("plain_one", "app")) {
            Sql.run(one, "SET statement_timeout = '7s'");
            assertThat(Sql.value(other, "SHOW statement_timeout")).isEqualTo("0");
            assertThat(Sql.value(one, "SHOW statement_timeout")).isEqualTo("7s");
            assertThat(Sql.value(other, "SELECT pg_backend_pid()"))
                    .isEqualTo(Sql.value(one, "SELECT pg_backend_pid()"));
            assertThatThrownBy(() -> Sql.run(one, "SELECT pando.distribute('a', 'b')"))
                    .hasMessageContaining("needs the sharded database");
        }
    }

    /** What is prepared after a change of the table is not what was prepared before it. */
    @Test
    void statementsSurviveAChangeOfTheSchema() throws SQLException {
        Running running = start(entry("plain_one", "pool_size = 1"));
        try (Connection one = running.to("plain_one", "app", "prepareThreshold=1")) {
            Sql.run(one, "CREATE TABLE changed (id int)");
            for (int columns = 1; columns < 4; columns++) {
                try (var statement = one.prepareStatement("SELECT * FROM changed");
                        var rows = statement.executeQuery()) {
                    assertThat(rows.getMetaData().getColumnCount()).isEqualTo(columns);
                }
                Sql.run(one, "ALTER TABLE changed ADD COLUMN c" + columns + " int");
            }
            Sql.run(one, "DROP TABLE changed");
        }
    }

    /** Nobody told Pando of the change; the server's own error does. */
    @Test
    void statementsSurviveAChangeThatPandoDoesNotSee() throws SQLException {
        Running running = start(entry("plain_one", "pool_size = 1"));
        try (Connection one = running.to("plain_one", "app", "prepareThreshold=1");
                Connection elsewhere = servers.getFirst().connect("plain_one")) {
            Sql.run(elsewhere, "CREATE TABLE altered (id int); GRANT SELECT ON altered TO app");
            assertThat(columns(one)).isEqualTo(1);
            assertThat(columns(one)).isEqualTo(1);
            Sql.run(elsewhere, "ALTER TABLE altered ADD COLUMN more int");
            // The driver is told that its statement is too old, and prepares it again.
            assertThat(columns(one)).isEqualTo(2);
            Sql.run(elsewhere, "DROP TABLE altered");
        }
    }

    private static int columns(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT * FROM altered");
                var rows = statement.executeQuery()) {
            return rows.getMetaData().getColumnCount();
        }
    }

    @Test
    void aStarStandsForNamesThatNobodyHasAndIsForgotten() throws SQLException {
        Running running = start("[pool]\nwildcard_idle_timeout = \"1s\"\n" + entry("two", "dbname = \"plain_two\"")
                + entry("*", "pool_size = 3"));
        try (Connection two = running.to("two", "app");
                Connection admin = running.admin("app")) {
            try (Connection one = running.to("plain_one", "app")) {
                assertThat(Sql.value(one, "SELECT current_database()")).isEqualTo("plain_one");
                assertThat(Sql.value(two, "SELECT current_database()")).isEqualTo("plain_two");
                assertThat(Sql.column(admin, "SHOW DATABASES", "name")).containsExactly("two", "plain_one");
                assertThat(Sql.column(admin, "SHOW DATABASES", "pool_size")).containsExactly("25", "3");
                assertThatThrownBy(() -> running.to("nowhere", "app")).hasMessageContaining("nowhere");
            }
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(Sql.column(admin, "SHOW DATABASES", "name")).containsExactly("two");
                assertThat(Sql.column(admin, "SHOW POOLS", "database")).containsExactly("two");
            });
        }
        try (Connection again = running.to("plain_one", "app")) {
            assertThat(Sql.value(again, "SELECT current_database()")).isEqualTo("plain_one");
        }
    }

    @Test
    void databasesMadeOnTheFlyAreBounded() throws SQLException {
        Running running = start("[limits]\nmax_wildcard_databases = 1\n" + entry("*", ""));
        try (Connection one = running.to("plain_one", "app")) {
            assertThat(Sql.value(one, "SELECT 1")).isEqualTo("1");
            assertThatThrownBy(() -> running.to("plain_two", "app"))
                    .hasMessageContaining("cannot be made on the fly: 1 such databases have clients");
        }
        // Its place is another's once nobody is there.
        Awaitility.await().untilAsserted(() -> {
            try (Connection two = running.to("plain_two", "app")) {
                assertThat(Sql.value(two, "SELECT current_database()")).isEqualTo("plain_two");
            }
        });
    }

    @Test
    void allClientsShareAForcedLogin() throws SQLException {
        Running running = start(entry("plain_one", "user = \"other\"\npassword = \"other\"\npool_size = 1"));
        try (Connection one = running.to("plain_one", "app");
                Connection two = running.to("plain_one", "other");
                Connection admin = running.admin("app")) {
            assertThat(Sql.value(one, "SELECT session_user")).isEqualTo("other");
            assertThat(Sql.value(one, "SELECT pg_backend_pid()")).isEqualTo(Sql.value(two, "SELECT pg_backend_pid()"));
            assertThat(Sql.column(admin, "SHOW POOLS", "user")).containsExactly("other");
            assertThat(Sql.column(admin, "SHOW DATABASES", "force_user")).containsExactly("other");
        }
    }

    @Test
    void connectionsGoToSeveralServersInTurnAndPassOverADeadOne() throws SQLException {
        Running running = start("""
                [[databases]]
                name = "app"
                servers = [%s, %s]
                [[databases]]
                name = "half"
                dbname = "app"
                servers = ["127.0.0.1:1", %s]
                [[databases]]
                name = "first"
                dbname = "app"
                load_balance = "disable"
                servers = [%s, %s]
                """.formatted(server(0), server(1), server(1), server(0), server(1)));
        assertThat(serversOf(running, "app")).hasSize(2);
        assertThat(serversOf(running, "half"))
                .containsExactly(Integer.toString(servers.get(1).port()));
        assertThat(serversOf(running, "first"))
                .containsExactly(Integer.toString(servers.get(0).port()));
    }

    /** Of four transactions at once. */
    private static Set<@Nullable String> serversOf(Running running, String database) throws SQLException {
        Set<@Nullable String> ports = new HashSet<>();
        try (Connection a = running.to(database, "app");
                Connection b = running.to(database, "app");
                Connection c = running.to(database, "app");
                Connection d = running.to(database, "app")) {
            for (Connection connection : List.of(a, b, c, d)) {
                connection.setAutoCommit(false);
                ports.add(Sql.value(connection, "SELECT inet_server_port()"));
            }
        }
        return ports;
    }

    @Test
    void aQueryRunsOnEveryNewConnectionAndMayFail() throws SQLException {
        Running running = start(entry("plain_one", "connect_query = \"SET pando.greeting = 'hello'\"")
                + entry("two", "dbname = \"plain_two\"\nconnect_query = \"SELECT 1/0\""));
        try (Connection one = running.to("plain_one", "app");
                Connection two = running.to("two", "app")) {
            assertThat(Sql.value(one, "SHOW pando.greeting")).isEqualTo("hello");
            assertThat(Sql.value(two, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void operationsConcernTheDatabaseThatIsNamed() throws SQLException {
        Running running = start(entry("plain_one", "pool_mode = \"session\"") + entry("plain_two", ""));
        try (Connection one = running.to("plain_one", "app");
                Connection two = running.to("plain_two", "app");
                Connection admin = running.admin("app")) {
            assertThat(Sql.value(two, "SELECT 2")).isEqualTo("2");
            Sql.run(admin, "PAUSE plain_two");
            assertThat(Sql.value(one, "SELECT 1")).isEqualTo("1");
            assertThat(Sql.column(admin, "SHOW DATABASES", "paused")).containsExactly("0", "1");
            assertThat(Sql.column(admin, "SHOW DATABASES", "pool_mode")).containsExactly("session", "transaction");
            assertThat(Sql.column(admin, "SHOW STATS", "database")).containsExactly("plain_one", "plain_two");
            Sql.run(admin, "RESUME plain_two");
            String before = Sql.value(two, "SELECT pg_backend_pid()");
            Sql.run(admin, "RECONNECT plain_two");
            assertThat(Sql.value(two, "SELECT pg_backend_pid()")).isNotEqualTo(before);
            Sql.run(admin, "KILL plain_one");
            assertThat(Sql.value(two, "SELECT 2")).isEqualTo("2");
            assertThatThrownBy(() -> Sql.value(one, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> Sql.run(admin, "PAUSE nowhere")).hasMessageContaining("nowhere");
        }
    }

    @Test
    void aDatabaseThatTheServerDoesNotHaveIsMissedAsOnPostgres() throws SQLException {
        Running running = start(entry("*", ""));
        assertThatThrownBy(() -> running.to("nowhere", "app"))
                .hasMessageContaining("database \"nowhere\" does not exist")
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("3D000");
    }

    /** Exporters and dashboards connect to it by that name. */
    @Test
    void pgbouncerIsTheAdminDatabaseUnlessThereIsOneOfThatName() throws SQLException {
        Running running = start(entry("*", ""));
        try (Connection admin = running.to("pgbouncer", "app", "preferQueryMode=simple")) {
            assertThat(Sql.column(admin, "SHOW LISTS", "list")).contains("databases");
        }
        running.rewrite(Running.config(List.of(), entry("pgbouncer", "dbname = \"plain_two\"")));
        try (Connection admin = running.admin("app")) {
            Sql.run(admin, "RELOAD");
        }
        try (Connection two = running.to("pgbouncer", "app")) {
            assertThat(Sql.value(two, "SELECT current_database()")).isEqualTo("plain_two");
        }
    }

    @Test
    void aReloadBringsDatabasesAndTakesThem() throws SQLException {
        String one = entry("plain_one", "");
        Running running = start(one);
        try (Connection staying = running.to("plain_one", "app");
                Connection admin = running.admin("app")) {
            running.rewrite(Running.config(List.of(), entry("two", "dbname = \"plain_two\"")));
            Sql.run(admin, "RELOAD");
            try (Connection two = running.to("two", "app")) {
                assertThat(Sql.value(two, "SELECT current_database()")).isEqualTo("plain_two");
            }
            assertThatThrownBy(() -> running.to("plain_one", "app")).hasMessageContaining("does not exist");
            assertThat(Sql.value(staying, "SELECT current_database()")).isEqualTo("plain_one");
        }
    }

    @Test
    void standsBesideAShardedOne() throws SQLException {
        pando = Running.before(2, "[listen]\nport = 0\n" + entry("plain_one", ""));
        try (Connection sharded = pando.connect();
                Connection one = pando.to("plain_one", "app");
                Connection admin = pando.admin("app")) {
            assertThat(Sql.value(sharded, "SELECT current_database()")).isEqualTo("app");
            assertThat(Sql.value(one, "SELECT current_database()")).isEqualTo("plain_one");
            assertThat(Sql.column(admin, "SHOW DATABASES", "name")).containsExactly("app@s0", "app@s1", "plain_one");
        }
    }
}

package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Session and statement mode. Transaction mode is what all other tests are about. */
class PoolModesTest {
    private static List<TemporaryServer> servers = List.of();
    private @Nullable Running pando;

    @BeforeAll
    static void startServers() throws SQLException {
        servers = Running.servers(2);
    }

    @AfterEach
    void stop() {
        if (pando != null) {
            pando.close();
        }
    }

    private Running start(String pool, String database) {
        Running started = Running.plain("[pool]\n" + pool + "\n[[databases]]\nname = \"app\"\nservers = [\"127.0.0.1:"
                + servers.getFirst().port() + "\"]\n" + database + "\n");
        pando = started;
        return started;
    }

    private Running session(int size) {
        return start("", "pool_mode = \"session\"\npool_size = " + size);
    }

    @Test
    void aSessionKeepsAllThatAServerKeeps() throws SQLException {
        Running running = session(5);
        try (Connection one = running.connect("prepareThreshold=1")) {
            Sql.run(one, "CREATE TEMP TABLE mine (id int)");
            Sql.run(one, "INSERT INTO mine VALUES (1), (2)");
            Sql.run(one, "PREPARE p AS SELECT sum(id) FROM mine");
            Sql.run(one, "SET work_mem = '5MB'");
            Sql.run(one, "DO $$ BEGIN PERFORM set_config('statement_timeout', '9s', false); END $$");
            Sql.run(one, "SELECT pg_advisory_lock(4711)");
            assertThat(Sql.value(one, "EXECUTE p")).isEqualTo("3");
            assertThat(Sql.value(one, "SHOW work_mem")).isEqualTo("5MB");
            assertThat(Sql.value(one, "SHOW statement_timeout")).isEqualTo("9s");
            assertThat(Sql.value(one, "SELECT pg_advisory_unlock(4711)")).isEqualTo("t");
            Sql.run(one, "LISTEN news");
            try (Connection other = running.connect()) {
                Sql.run(other, "NOTIFY news, 'hello'");
            }
            assertThat(one.unwrap(PGConnection.class).getNotifications(5_000))
                    .singleElement()
                    .satisfies(news -> assertThat(news.getParameter()).isEqualTo("hello"));
            one.setAutoCommit(false);
            Sql.run(one, "DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(1, 10)");
            one.commit();
            assertThat(Sql.value(one, "FETCH 1 FROM c")).isEqualTo("1");
            one.commit();
        }
    }

    @Test
    void theNextOneFindsNothingOfIt() throws SQLException {
        Running running = session(1);
        String process;
        try (Connection one = running.connect("ApplicationName=first", "prepareThreshold=1")) {
            process = Sql.value(one, "SELECT pg_backend_pid()");
            Sql.run(one, "CREATE TEMP TABLE mine (id int)");
            Sql.run(one, "PREPARE p AS SELECT 1");
            Sql.run(one, "SET work_mem = '5MB'");
            Sql.run(one, "LISTEN news");
            Sql.run(one, "SELECT pg_advisory_lock(4712)");
        }
        try (Connection two = running.connect("ApplicationName=second", "prepareThreshold=1")) {
            assertThat(Sql.value(two, "SELECT pg_backend_pid()")).isEqualTo(process);
            assertThat(Sql.value(two, "SELECT to_regclass('pg_temp.mine')")).isNull();
            assertThat(Sql.value(two, "SHOW work_mem")).isEqualTo("4MB");
            assertThat(Sql.value(two, "SHOW application_name")).isEqualTo("second");
            assertThat(Sql.value(two, "SELECT count(*) FROM pg_listening_channels()"))
                    .isEqualTo("0");
            assertThat(Sql.value(two, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                    .isEqualTo("0");
            assertThat(Sql.value(two, "SELECT count(*) FROM pg_prepared_statements WHERE name = 'p'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void halfASettingAndOneWithoutAListAreNoOthersInTransactionMode() throws SQLException {
        Running running = start("", "pool_size = 1");
        try (Connection one = running.connect();
                Connection two = running.connect()) {
            Sql.run(one, "SET datestyle = 'ISO'");
            Sql.run(two, "SET datestyle = 'ISO, DMY'");
            assertThat(Sql.value(one, "SELECT to_char('01/02/2024'::date, 'Mon DD')"))
                    .isEqualTo("Jan 02");
            Sql.run(one, "DO $$ BEGIN PERFORM set_config('only.mine', 'of one', false); END $$");
            assertThat(Sql.value(one, "SELECT current_setting('only.mine')")).isEqualTo("of one");
        }
        try (Connection three = running.connect()) {
            assertThat(Sql.value(three, "SELECT coalesce(current_setting('only.mine', true), '')"))
                    .isEmpty();
        }
    }

    @Test
    void aFunctionOfAPlainDatabaseThatSetsAnyParameterPins() throws SQLException {
        Running running = start("", "pool_size = 1");
        try (Connection direct = servers.getFirst().connect("app");
                Connection admin = running.admin("app")) {
            Sql.run(
                    direct,
                    "CREATE FUNCTION past(n text, v text) RETURNS text LANGUAGE sql AS"
                            + " $$ SELECT set_config(n, v, false) $$; ALTER FUNCTION past OWNER TO app");
            try (Connection one = running.connect()) {
                assertThat(Sql.value(one, "SELECT past('only.mine', 'x')")).isEqualTo("x");
                assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned")).contains("function past()");
                assertThat(Sql.value(one, "SELECT current_setting('only.mine')"))
                        .isEqualTo("x");
            }
            try (Connection two = running.connect()) {
                assertThat(Sql.value(two, "SELECT coalesce(current_setting('only.mine', true), '')"))
                        .isEmpty();
                Sql.run(two, "COMMENT ON FUNCTION past IS 'for one transaction only: pando.safe'");
                assertThat(Sql.value(two, "SELECT past('enable_seqscan', 'off')"))
                        .isEqualTo("off");
                assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned")).doesNotContain("function past()");
            }
            Sql.run(direct, "DROP FUNCTION past");
        }
    }

    @Test
    void aFunctionMadePastPandoLeavesNothingToOthers() throws SQLException {
        pando = Running.before(1, "[listen]\nport = 0\n[pool]\nsize = 1");
        try (Connection direct = servers.getFirst().connect("app")) {
            Sql.run(
                    direct,
                    "CREATE FUNCTION past(n text, v text) RETURNS text LANGUAGE sql AS"
                            + " $$ SELECT set_config(n, v, false) $$");
            try (Connection one = pando.connect();
                    Connection admin = pando.admin("app")) {
                assertThat(Sql.value(one, "SELECT past('enable_seqscan', 'off') || past('only.mine', 'x')"))
                        .isEqualTo("offx");
                assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned")).contains("function past()");
                assertThat(Sql.value(one, "SELECT current_setting('only.mine')"))
                        .isEqualTo("x");
            }
            try (Connection two = pando.connect()) {
                assertThat(Sql.value(two, "SHOW enable_seqscan")).isEqualTo("on");
                assertThat(Sql.value(two, "SELECT coalesce(current_setting('only.mine', true), '')"))
                        .isEmpty();
            }
            Sql.run(direct, "DROP FUNCTION past");
        }
    }

    @Test
    void whoLeavesInTheMiddleLeavesNothing() throws SQLException {
        Running running = session(1);
        String process;
        try (Connection one = running.connect()) {
            one.setAutoCommit(false);
            process = Sql.value(one, "SELECT pg_backend_pid()");
            Sql.run(one, "CREATE TABLE half_done (id int)");
        }
        try (Connection two = running.connect()) {
            assertThat(Sql.value(two, "SELECT pg_backend_pid()")).isNotEqualTo(process);
            assertThat(Sql.value(two, "SELECT to_regclass('half_done')")).isNull();
        }
    }

    @Test
    void whoFindsNoConnectionMayTryAgain() throws SQLException {
        Running running = start("queue_timeout = \"1s\"", "pool_mode = \"session\"\npool_size = 1");
        try (Connection two = running.connect("prepareThreshold=1", "assumeMinServerVersion=9.4")) {
            try (Connection one = running.connect()) {
                await().ignoreExceptionsInstanceOf(SQLException.class)
                        .until(() -> "1".equals(Sql.value(one, "SELECT 1")));
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> numbers(two, 1))
                            .extracting(e -> ((SQLException) e).getSQLState())
                            .isEqualTo("53300");
                }
            }
            await().ignoreExceptionsInstanceOf(SQLException.class).until(() -> numbers(two, 3) == 3);
        }
    }

    private static int numbers(Connection connection, int count) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT generate_series(1, ?)")) {
            statement.setInt(1, count);
            int found = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found++;
                }
            }
            return found;
        }
    }

    @Test
    void muchDataPassesBothWays() throws Exception {
        Running running = session(2);
        String line = "x".repeat(1_000) + "\n";
        try (Connection one = running.connect("defaultRowFetchSize=500")) {
            Sql.run(one, "CREATE TEMP TABLE much (line text)");
            var copy = one.unwrap(PGConnection.class).getCopyAPI();
            assertThat(copy.copyIn("COPY much FROM STDIN", new StringReader(line.repeat(20_000))))
                    .isEqualTo(20_000);
            StringWriter back = new StringWriter();
            assertThat(copy.copyOut("COPY much TO STDOUT", back)).isEqualTo(20_000);
            assertThat(back.toString()).isEqualTo(line.repeat(20_000));
            assertThat(Sql.value(one, "SELECT length(string_agg(line, '')) FROM much"))
                    .isEqualTo("20000000");
            assertThat(Sql.value(one, "SELECT string_agg(line, '') FROM much")).hasSize(20_000_000);
            one.setAutoCommit(false);
            assertThat(numbers(one, 100_000)).isEqualTo(100_000);
        }
    }

    @Test
    void anyEncodingPasses() throws Exception {
        Running running = session(1);
        try (WireClient client = new WireClient(running.port())) {
            client.login("app", "app", "client_encoding", "LATIN1");
            assertThat(client.parameter("client_encoding")).isEqualTo("LATIN1");
            byte[] umlaut = client.values("SELECT chr(228)").getFirst();
            assertThat(umlaut).containsExactly(0xe4);
        }
        try (Connection next = running.connect()) {
            assertThat(Sql.value(next, "SHOW client_encoding")).isEqualTo("UTF8");
        }
    }

    /** What a client asks for when it connects is what its RESET goes back to, and nobody's else. */
    @Test
    void resetGoesBackToTheStartupPacket() throws Exception {
        Running running = session(1);
        String wished = "SELECT setting || ' ' || reset_val || ' ' || source FROM pg_settings WHERE name = 'TimeZone'";
        for (String end : List.of("RESET TimeZone", "RESET ALL", "SET TimeZone TO DEFAULT", "DISCARD ALL")) {
            try (WireClient client = new WireClient(running.port())) {
                client.login("app", "app", "options", "-c TimeZone=Asia/Tokyo", "extra_float_digits", "2");
                assertThat(client.parameter("TimeZone")).isEqualTo("Asia/Tokyo");
                client.values("SET TimeZone = 'Europe/Berlin'");
                client.values(end);
                assertThat(text(client, wished)).isEqualTo("Asia/Tokyo Asia/Tokyo client");
            }
        }
        try (Connection other = running.connect("options=-c%20work_mem=9MB")) {
            assertThat(Sql.value(other, "SELECT reset_val || source FROM pg_settings WHERE name = 'work_mem'"))
                    .isEqualTo("9216client");
            assertThat(Sql.value(other, "SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'"))
                    .isNotEqualTo("Asia/Tokyo");
        }
    }

    private static String text(WireClient client, String sql) throws IOException {
        return new String(client.values(sql).getFirst(), StandardCharsets.UTF_8);
    }

    @Test
    void aConnectionIsUsedAgainByClientsThatAskForTheSame() throws Exception {
        Running running = start("size = 1", "pool_mode = \"session\"\npool_size = 2");
        String tokyo = process(running, "Asia/Tokyo");
        String berlin = process(running, "Europe/Berlin");

        assertThat(process(running, "Asia/Tokyo")).isEqualTo(tokyo).isNotEqualTo(berlin);
        assertThat(process(running, "Europe/Berlin")).isEqualTo(berlin);
        for (int i = 0; i < 20; i++) {
            // Each closes a connection that rests for another; none may be kept for what nobody asks for any more.
            process(running, "Etc/GMT+" + i % 13);
        }
        try (Connection admin = running.admin("app")) {
            await().untilAsserted(() ->
                    assertThat(Sql.column(admin, "SHOW POOLS", "sv_idle")).hasSize(1));
            assertThat(Integer.parseInt(
                            Sql.column(admin, "SHOW POOLS", "sv_idle").getFirst()))
                    .isLessThanOrEqualTo(2);
        }
    }

    private static String process(Running running, String zone) throws Exception {
        try (WireClient client = new WireClient(running.port())) {
            client.login("app", "app", "TimeZone", zone);
            return text(client, "SELECT pg_backend_pid()");
        }
    }

    @Test
    void startupParametersThatAServerRefusesEndTheLoginInItsWords() throws Exception {
        Running running = session(1);
        for (int i = 0; i < 2; i++) {
            try (WireClient client = new WireClient(running.port())) {
                assertThatThrownBy(() -> client.login("app", "app", "TimeZone", "Nowhere/Land"))
                        .hasMessageContaining("invalid value for parameter \"TimeZone\": \"Nowhere/Land\"");
            }
        }
        assertThat(process(running, "UTC")).isNotEmpty();
    }

    @Test
    void theHostInAnApplicationsNameIsNoStartupParameter() throws Exception {
        Running running = Running.plain("application_name_add_host = true\n[[databases]]\nname = \"app\"\n"
                + "pool_mode = \"session\"\npool_size = 1\nservers = [\"127.0.0.1:"
                + servers.getFirst().port() + "\"]\n");
        pando = running;
        Set<String> processes = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            try (WireClient client = new WireClient(running.port())) {
                client.login("app", "app", "application_name", "shop");
                assertThat(client.parameter("application_name")).startsWith("shop - 127.0.0.1:");
                assertThat(text(client, "SHOW application_name")).startsWith("shop - 127.0.0.1:");
                processes.add(text(client, "SELECT pg_backend_pid()"));
            }
        }
        assertThat(processes).hasSize(1);
    }

    @Test
    void theServersLastWordsAreTheClients() throws SQLException {
        Running running = session(2);
        try (Connection one = running.connect();
                Connection two = running.connect()) {
            String process = Sql.value(one, "SELECT pg_backend_pid()");
            Sql.run(two, "SELECT pg_terminate_backend(" + process + ")");
            assertThatThrownBy(() -> Sql.value(one, "SELECT 1"))
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isIn("57P01", "08006");
            assertThat(Sql.value(two, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void aRunningStatementIsCancelled() throws Exception {
        Running running = session(1);
        try (Connection one = running.connect();
                var statement = one.createStatement()) {
            assertThat(Sql.value(one, "SELECT 1")).isEqualTo("1");
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)"))
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("57014");
            assertThat(Sql.value(one, "SELECT 2")).isEqualTo("2");
        }
    }

    @Test
    void aUsersModeComesBeforeTheDatabases() throws SQLException {
        String settings = """
                [[databases]]
                name = "app"
                pool_mode = "statement"
                servers = ["127.0.0.1:%d"]
                [[users]]
                name = "keeper"
                password = "keeper"
                pool_mode = "session"
                """.formatted(servers.getFirst().port());
        try (Connection server = servers.getFirst().connect()) {
            Sql.run(server, "DROP ROLE IF EXISTS keeper");
            Sql.run(server, "CREATE ROLE keeper LOGIN PASSWORD 'keeper'");
        }
        Running running = Running.plain(settings);
        pando = running;
        try (Connection keeper = running.to("app", "keeper");
                Connection other = running.to("app", "other");
                Connection admin = running.admin("app")) {
            Sql.run(keeper, "CREATE TEMP TABLE mine (id int)");
            assertThat(Sql.value(keeper, "SELECT count(*) FROM mine")).isEqualTo("0");
            assertThat(Sql.value(other, "SELECT 1")).isEqualTo("1");
            other.setAutoCommit(false);
            assertThatThrownBy(() -> Sql.value(other, "SELECT 1")).hasMessageContaining("pool mode is \"statement\"");
            assertThat(Sql.column(admin, "SHOW POOLS", "pool_mode")).containsExactly("session", "statement");
        }
    }

    @Test
    void beforeSeveralShardsASessionKeepsConnectionsOfEach() throws SQLException {
        Running running = Running.before(2, "[listen]\nport = 0\n[pool]\nmode = \"session\"\nsize = 1\n");
        pando = running;
        String process;
        try (Connection one = running.connect()) {
            Sql.run(one, "CREATE TEMP TABLE mine AS SELECT 7 AS id");
            process = Sql.value(one, "SELECT pg_backend_pid()");
            assertThat(Sql.value(one, "SELECT id FROM mine")).isEqualTo("7");
        }
        try (Connection two = running.connect()) {
            assertThat(Sql.value(two, "SELECT pg_backend_pid()")).isEqualTo(process);
            assertThat(Sql.value(two, "SELECT to_regclass('pg_temp.mine')")).isNull();
        }
    }
}

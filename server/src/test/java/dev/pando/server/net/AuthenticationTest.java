package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.base.auth.Md5Password;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import dev.pando.lab.TemporaryServer;
import dev.pando.server.PandoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins on both sides, before a server that asks each of its users in another way. */
class AuthenticationTest {
    private static TemporaryServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws SQLException {
        server = TemporaryServer.start();
        onServer("CREATE ROLE sam LOGIN PASSWORD 'secret-of-sam'");
        onServer("CREATE ROLE dora LOGIN PASSWORD 'secret-of-dora'");
        onServer("CREATE ROLE eve LOGIN PASSWORD 'secret-of-eve' VALID UNTIL '2001-01-01'");
        onServer("CREATE ROLE carl LOGIN PASSWORD 'secret-of-carl'");
        onServer("CREATE ROLE tom LOGIN");
        onServer("SET password_encryption = 'md5'; CREATE ROLE mia LOGIN PASSWORD 'secret-of-mia'");
        onServer("CREATE ROLE asks SUPERUSER LOGIN PASSWORD 'secret-of-asks'");
        onServer("CREATE DATABASE app");
        server.rules(
                "host all tom 127.0.0.1/32 trust",
                "host all mia 127.0.0.1/32 md5",
                "host all carl 127.0.0.1/32 password",
                "host all all 127.0.0.1/32 scram-sha-256");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static void onServer(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static String stored(String user) throws SQLException {
        return one("SELECT rolpassword FROM pg_authid WHERE rolname = '" + user + "'");
    }

    private PandoServer serve(String toml) {
        String all = toml + """

                [listen]
                port = 0
                [http]
                enabled = false
                [control]
                password = "any"
                [[shards]]
                name = "s0"
                primary = "127.0.0.1:%d"
                """.formatted(server.port());
        return PandoServer.start(ConfigLoader.parse(all, "test", Purpose.SERVE, SecretSource.of(folder, Map.of())));
    }

    private static String user(String name, String secret) {
        return "[[users]]\nname = \"" + name + "\"\npassword = \"" + secret + "\"\n";
    }

    private String rules(String text) throws IOException {
        Files.writeString(folder.resolve("hba.conf"), text);
        return "hba_file = \"hba.conf\"\n";
    }

    private static Connection connect(PandoServer pando, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + pando.port() + "/app?user=" + user + "&password=" + password);
    }

    /** Whom the server takes the client for. */
    private static String works(PandoServer pando, String user, String password) throws SQLException {
        try (Connection connection = connect(pando, user, password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_user")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static void fails(PandoServer pando, String user, String password, String sqlState, String message) {
        assertThatThrownBy(() -> works(pando, user, password))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState))
                .hasMessageContaining(message);
    }

    @Test
    void storedSecretsServeServersThatHaveTheSame() throws Exception {
        String strange = ScramVerifier.derive("secret-of-dora", new byte[] {1, 2, 3}, 4096)
                .text();
        String toml = user("sam", stored("sam"))
                + user("mia", stored("mia"))
                + user("carl", "secret-of-carl")
                + user("dora", strange)
                + user("asks", Md5Password.hash("asks", "secret-of-asks"))
                + user("tom", "tom");
        try (PandoServer pando = serve(toml)) {
            assertThat(works(pando, "sam", "secret-of-sam")).isEqualTo("sam");
            assertThat(works(pando, "mia", "secret-of-mia")).isEqualTo("mia");
            assertThat(works(pando, "carl", "secret-of-carl")).isEqualTo("carl");
            assertThat(works(pando, "tom", "tom")).isEqualTo("tom");
            fails(pando, "sam", "wrong", "28P01", "password authentication failed for user \"sam\"");
            fails(pando, "mia", "wrong", "28P01", "password authentication failed for user \"mia\"");
            fails(pando, "nobody", "wrong", "28P01", "password authentication failed for user \"nobody\"");
            fails(
                    pando,
                    "dora",
                    "secret-of-dora",
                    "08006",
                    "its SCRAM verifier has another salt than the one stored here");
            fails(
                    pando,
                    "asks",
                    "secret-of-asks",
                    "08006",
                    "it asks for SCRAM, and only an MD5 hash of the password is stored");
        }
    }

    @Test
    void rulesDecide() throws Exception {
        String strange = ScramVerifier.derive("secret-of-dora", new byte[] {1, 2, 3}, 4096)
                .text();
        String toml = "[auth]\n" + rules("""
                host pando all all reject
                host app sam  all scram-sha-256
                host app tom  all trust
                host app dora all password
                host app mia  all scram-sha-256
                host app ghost all trust
                host app carl all md5
                """) + user("sam", "secret-of-sam") + user("mia", stored("mia"))
                + user("dora", strange)
                + user("carl", "secret-of-carl") + "[[users]]\nname = \"tom\"\n";
        try (PandoServer pando = serve(toml)) {
            assertThat(works(pando, "sam", "secret-of-sam")).isEqualTo("sam");
            assertThat(works(pando, "tom", "whatever")).isEqualTo("tom");
            assertThat(works(pando, "carl", "secret-of-carl")).isEqualTo("carl");
            // The password itself serves every server, whatever is stored.
            assertThat(works(pando, "dora", "secret-of-dora")).isEqualTo("dora");
            fails(pando, "dora", "wrong", "28P01", "password authentication failed");
            fails(pando, "mia", "secret-of-mia", "28P01", "password authentication failed");
            fails(pando, "ghost", "x", "28000", "role \"ghost\" does not exist");
            fails(
                    pando,
                    "eve",
                    "x",
                    "28000",
                    "no pg_hba.conf entry for host \"127.0.0.1\", user \"eve\", database \"app\"");
            try (WireClient client = new WireClient(pando.port())) {
                assertThatThrownBy(() -> client.login("sam", "pando"))
                        .hasMessageStartingWith(
                                "28000 pg_hba.conf rejects connection for host \"127.0.0.1\", user \"sam\"");
            }
        }
    }

    @Test
    void usersInNoListAreAskedFor() throws Exception {
        String toml = """
                [auth]
                user = "asks"
                password = "secret-of-asks"
                cache = "1h"
                failure_delay = "0s"
                [[users]]
                name = "*"
                """;
        try (PandoServer pando = serve(toml)) {
            assertThat(works(pando, "sam", "secret-of-sam")).isEqualTo("sam");
            assertThat(works(pando, "mia", "secret-of-mia")).isEqualTo("mia");
            fails(pando, "eve", "secret-of-eve", "28P01", "password authentication failed for user \"eve\"");
            fails(pando, "nobody", "x", "28P01", "password authentication failed for user \"nobody\"");
            fails(pando, "tom", "x", "28P01", "password authentication failed for user \"tom\"");

            onServer("ALTER ROLE sam PASSWORD 'another'");
            // Asked for again by the login that fails; the next goes by the answer.
            await().ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> works(pando, "sam", "another").equals("sam"));
            fails(pando, "sam", "secret-of-sam", "28P01", "password authentication failed");
            onServer("ALTER ROLE mia PASSWORD NULL");
        } finally {
            onServer("ALTER ROLE sam PASSWORD 'secret-of-sam'");
            onServer("SET password_encryption = 'md5'; ALTER ROLE mia PASSWORD 'secret-of-mia'");
        }
    }

    @Test
    void aLookupThatFailsTellsTheClientNothing() throws Exception {
        String toml = """
                [auth]
                user = "asks"
                password = "secret-of-asks"
                query = "SELECT no FROM nothing WHERE x = $1"
                """;
        try (PandoServer pando = serve(toml)) {
            fails(pando, "sam", "secret-of-sam", "08006", "the user could not be looked up (PD5021)");
        }
    }

    @Test
    void noAnswerOfTheAdminDatabaseAndNoLogHasASecret() throws Exception {
        String toml = """
                [auth]
                file = "list"
                user = "asks"
                password = "secret-of-asks"
                %s
                [[users]]
                name = "sam"
                password = "secret-of-sam"
                admin = true
                """.formatted(rules("host pando all samehost md5\nhost all all all password\n"));
        Files.writeString(folder.resolve("list"), "\"mia\" \"" + stored("mia") + "\"\n\"tom\" \"secret-of-tom\"\n");
        try (Heard heard = new Heard();
                PandoServer pando = serve(toml);
                Connection admin = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + pando.port() + "/pando?user=sam&password=secret-of-sam");
                Statement statement = admin.createStatement()) {
            assertThat(works(pando, "dora", "secret-of-dora")).isEqualTo("dora");
            fails(pando, "dora", "secret-of-nobody", "28P01", "password authentication failed");
            StringBuilder shown = new StringBuilder();
            List<String> commands = new ArrayList<>();
            try (ResultSet help = statement.executeQuery("SHOW HELP")) {
                while (help.next()) {
                    commands.add(help.getString(1));
                }
            }
            for (String command : commands) {
                if (command.startsWith("SHOW ")) {
                    try (ResultSet rows = statement.executeQuery(command)) {
                        while (rows.next()) {
                            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                                shown.append(rows.getString(i)).append(' ');
                            }
                            shown.append('\n');
                        }
                    }
                }
            }
            assertThat(shown.toString())
                    .contains("hba.conf 1 host pando all samehost", "auth.password ********", "auth.user asks")
                    .doesNotContain("secret-of", stored("mia"), "SCRAM-SHA-256$");
            assertThatThrownBy(() -> statement.execute("ALTER ROLE sam PASSWORD 'secret-of-late'"));
            assertThat(heard.all()).contains("wrong password").doesNotContain("secret-of", "SCRAM-SHA-256$");
        }
    }

    @Test
    void namesAreCutWhereTheServerCutsThem() throws Exception {
        String name = "n".repeat(63);
        onServer("CREATE ROLE " + name + " LOGIN PASSWORD 'long'");
        try (PandoServer pando =
                serve("[auth]\n" + rules("host all " + name + " all scram-sha-256") + user(name, "long"))) {
            assertThat(works(pando, name + "and-more", "long")).isEqualTo(name);
        }
    }

    @Test
    void wrongPasswordsAreAnsweredLaterAndLater() throws Exception {
        String toml =
                "[auth]\nfailure_delay = \"800ms\"\n" + user("sam", "secret-of-sam") + user("carl", "secret-of-carl");
        try (PandoServer pando = serve(toml)) {
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long begun = System.nanoTime();
                fails(pando, "sam", "wrong", "28P01", "password authentication failed");
                millis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
            }
            assertThat(millis.get(4)).isGreaterThanOrEqualTo(800);
            assertThat(millis.get(2)).isGreaterThanOrEqualTo(200);
            // Once at least: a busy machine makes anybody wait.
            await().until(() -> millis(pando, "carl") < 800);
            // Who knows the password waits as long, once, and is not kept out.
            assertThat(works(pando, "sam", "secret-of-sam")).isEqualTo("sam");
            await().until(() -> millis(pando, "sam") < 800);
        }
    }

    /** How long a login with the right password takes, and a statement. */
    private static long millis(PandoServer pando, String user) throws SQLException {
        long begun = System.nanoTime();
        assertThat(works(pando, user, "secret-of-" + user)).isEqualTo(user);
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }
}

package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.auth.BackendLogin;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The login steps of the base module against a real server, through a plain socket. */
class ServerLoginTest {
    /** What SASLprep changes, leaves, and refuses. */
    private static final List<String> PASSWORDS = List.of(
            "secret", "pä\u00dfword", "a\u00a0b", "so\u00adft", "\u2168", "e\u0301", "\u0007bell", "\u06271", " ");

    private static TemporaryServer server;

    private record Outcome(boolean accepted, String refusal) {}

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET password_encryption = 'scram-sha-256'");
            for (int i = 0; i < PASSWORDS.size(); i++) {
                statement.execute("CREATE ROLE scram" + i + " LOGIN PASSWORD '" + PASSWORDS.get(i) + "'");
            }
            statement.execute("CREATE ROLE plain LOGIN PASSWORD 'secret'");
            statement.execute("SET password_encryption = 'md5'");
            statement.execute("CREATE ROLE old LOGIN PASSWORD 'secret'");
            statement.execute("COPY (VALUES ('host all postgres all trust'), ('host all old all md5'),"
                    + " ('host all plain all password'), ('host all all all scram-sha-256')) TO '"
                    + hbaFile(connection) + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> !login("scram0", "wrong").accepted());
    }

    private static String hbaFile(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW hba_file")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Outcome login(String user, String password) throws IOException {
        var login = new BackendLogin("home", user, password);
        try (var socket = new Socket(server.host(), server.port())) {
            socket.setSoTimeout(20_000);
            var in = new DataInputStream(socket.getInputStream());
            ByteBuf out = Unpooled.buffer();
            FrontendCodec.encodeStartup(
                    new StartupPacket.Startup(0x30000, Map.of("user", user, "database", "postgres")), out);
            while (true) {
                socket.getOutputStream().write(ByteBufUtil.getBytes(out));
                out.clear();
                byte type = in.readByte();
                var body = new byte[in.readInt() - 4];
                in.readFully(body);
                if (type == 'E') {
                    ErrorFields error = ErrorFields.decode(Unpooled.wrappedBuffer(body));
                    return new Outcome(false, error.sqlState() + " " + error.message());
                }
                if (type == 'Z') {
                    return new Outcome(login.done(), "");
                }
                if (type == 'R') {
                    login.authentication(Unpooled.wrappedBuffer(body), out);
                }
            }
        }
    }

    @Test
    void everyPasswordLogsInByScram() throws IOException {
        for (int i = 0; i < PASSWORDS.size(); i++) {
            assertThat(login("scram" + i, PASSWORDS.get(i)))
                    .as(PASSWORDS.get(i))
                    .isEqualTo(new Outcome(true, ""));
        }
    }

    @Test
    void md5AndPlainPasswordsLogIn() throws IOException {
        assertThat(login("old", "secret")).isEqualTo(new Outcome(true, ""));
        assertThat(login("plain", "secret")).isEqualTo(new Outcome(true, ""));
    }

    @Test
    void aWrongPasswordGetsTheServersOwnWords() throws IOException {
        for (String user : List.of("scram0", "old", "plain", "nobody")) {
            assertThat(login(user, "wrong"))
                    .isEqualTo(new Outcome(false, "28P01 password authentication failed for user \"" + user + "\""));
        }
    }

    /** The server made its verifiers from the same passwords: ours, with its salt, are the same. */
    @Test
    void verifiersAreTheServersOwn() throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < PASSWORDS.size(); i++) {
                try (ResultSet row =
                        statement.executeQuery("SELECT rolpassword FROM pg_authid WHERE rolname = 'scram" + i + "'")) {
                    assertThat(row.next()).isTrue();
                    ScramVerifier theirs = Objects.requireNonNull(ScramVerifier.parse(row.getString(1)));
                    ScramVerifier ours = ScramVerifier.derive(PASSWORDS.get(i), theirs.salt(), theirs.iterations());
                    assertThat(ours).as(PASSWORDS.get(i)).isEqualTo(theirs);
                    assertThat(ours.text()).isEqualTo(row.getString(1));
                }
            }
        }
    }
}

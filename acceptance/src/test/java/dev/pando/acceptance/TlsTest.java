package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.Purpose;
import dev.pando.lab.Fleet;
import dev.pando.lab.FleetOptions;
import dev.pando.server.PandoServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both sides: real certificates, a server that speaks TLS, and clients of three kinds. */
class TlsTest {
    private static final int SSL_REQUEST = 80877103;

    @TempDir
    private static Path fleetFolder;

    @TempDir
    private static Path files;

    private static Fleet fleet;
    private static X509Bundle authority;

    @BeforeAll
    static void startServerWithTls() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=test authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle stranger = new CertificateBuilder()
                .subject("CN=somebody else")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        write("ca.crt", authority.getCertificatePEM());
        write("stranger.crt", stranger.getCertificatePEM());
        pair("pando", signed("CN=pando"));
        pair("app", signed("CN=app"));
        fleet = Fleet.open(FleetOptions.of(fleetFolder.resolve("fleet"))
                .shards(1)
                .replicas(0)
                .settings(Map.of("shared_buffers", "16MB", "fsync", "off", "full_page_writes", "off")));
        encryptServer(signed("CN=server"));
    }

    @AfterAll
    static void stopServer() {
        fleet.close();
    }

    private static X509Bundle signed(String subject) throws Exception {
        return new CertificateBuilder()
                .subject(subject)
                .addSanIpAddress(InetAddress.getLoopbackAddress())
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
    }

    private static void pair(String name, X509Bundle bundle) throws IOException {
        write(name + ".crt", bundle.getCertificatePathPEM());
        Path key = write(name + ".key", bundle.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(files.resolve(name), text);
    }

    /** The server reads its key only if it is its own. */
    private static void encryptServer(X509Bundle bundle) throws Exception {
        try (Connection direct = direct();
                Statement statement = direct.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            Path data = Path.of(row.getString(1));
            for (Map.Entry<String, String> file : Map.of(
                            "own.crt", bundle.getCertificatePathPEM(), "own.key", bundle.getPrivateKeyPEM())
                    .entrySet()) {
                Path written = Files.writeString(data.resolve(file.getKey()), file.getValue());
                Files.setOwner(written, Files.getOwner(data));
                Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
            }
            statement.execute("ALTER SYSTEM SET ssl_cert_file = 'own.crt'");
            statement.execute("ALTER SYSTEM SET ssl_key_file = 'own.key'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
        Awaitility.await().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
            direct("require").close();
            return true;
        });
    }

    private static Connection direct() throws SQLException {
        return direct("prefer");
    }

    private static Connection direct(String mode) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + primaryPort() + "/app?sslmode=" + mode,
                fleet.superuser().user(),
                fleet.superuser().password());
    }

    private static int primaryPort() {
        return fleet.shards().getFirst().primary().port();
    }

    private static PandoServer serve(String tls, String shardTls) throws IOException {
        Path file = write("pando.toml", """
                [listen]
                port = 0
                [http]
                enabled = false
                [tls]
                %s
                [shard_tls]
                %s
                [control]
                user = "%s"
                password = "%s"
                [[users]]
                name = "app"
                password = "app"
                [[shards]]
                name = "only"
                primary = "127.0.0.1:%d"
                """.formatted(
                tls, shardTls, fleet.superuser().user(), fleet.superuser().password(), primaryPort()));
        return PandoServer.start(ConfigLoader.load(file, Purpose.SERVE, Map.of()));
    }

    private static String own(String mode) {
        return "mode = \"" + mode + "\"\ncert_file = \"pando.crt\"\nkey_file = \"pando.key\"";
    }

    private static Connection jdbc(PandoServer pando, String parameters) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + pando.port() + "/app?user=app&password=app&" + parameters);
    }

    private static Programs.Ended psql(PandoServer pando, String parameters, String sql) throws Exception {
        Programs.need("psql");
        return Programs.run(
                files,
                List.of(
                        "psql",
                        "-XAtw",
                        "host=127.0.0.1 user=app dbname=app port=" + pando.port() + " " + parameters,
                        "-c",
                        sql));
    }

    @Test
    void clientsVerifyTheCertificateAndBindTheirLoginToIt() throws Exception {
        try (PandoServer pando = serve(own("require"), "")) {
            Programs.Ended psql = psql(
                    pando,
                    "sslmode=verify-full sslrootcert=ca.crt channel_binding=require",
                    "SELECT repeat('x', 9000)");
            assertThat(psql.output()).contains("x".repeat(9000));
            String verified = "sslmode=verify-full&sslrootcert=" + files.resolve("ca.crt");
            try (Connection jdbc = jdbc(pando, verified + "&channelBinding=require");
                    Statement statement = jdbc.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT n, repeat('y', 500) FROM generate_series(1, 5000) n")) {
                int count = 0;
                while (rows.next()) {
                    assertThat(rows.getString(2)).hasSize(500);
                    count++;
                }
                assertThat(count).isEqualTo(5000);
            }
            assertThat(psql(pando, "sslmode=verify-full sslrootcert=stranger.crt", "SELECT 1")
                            .output())
                    .contains("certificate verify failed");
        }
    }

    @Test
    void whoComesWithoutTlsIsRefusedWhereItIsRequiredAndServedWhereItIsNot() throws Exception {
        try (PandoServer pando = serve(own("require"), "")) {
            assertThat(psql(pando, "sslmode=disable", "SELECT 1").output()).contains("PD1011");
        }
        try (PandoServer pando = serve(own("allow"), "")) {
            assertThat(psql(pando, "sslmode=disable", "SELECT 1 + 1").output()).startsWith("2");
            assertThat(psql(pando, "sslmode=require", "SELECT 1 + 1").output()).startsWith("2");
        }
        try (PandoServer pando = serve("", "")) {
            assertThat(psql(pando, "sslmode=prefer", "SELECT 1 + 1").output()).startsWith("2");
            assertThat(psql(pando, "sslmode=require", "SELECT 1").output()).contains("does not support SSL");
        }
    }

    @Test
    void clientsProveWhoTheyAreByCertificates() throws Exception {
        try (PandoServer pando = serve(own("verify") + "\nclient_ca_file = \"ca.crt\"", "")) {
            assertThat(psql(pando, "sslmode=require sslcert=app.crt sslkey=app.key", "SELECT 1 + 1")
                            .output())
                    .startsWith("2");
            Programs.Ended without = psql(pando, "sslmode=require", "SELECT 1");
            assertThat(without.exitCode()).as(without.output()).isNotZero();
        }
    }

    @Test
    void certificatesLogInAsTheRulesSay() throws Exception {
        write("hba.conf", """
                hostssl app app   all cert map=people
                hostssl app other all cert
                hostssl all all   all scram-sha-256 clientcert=verify-full
                """);
        write("ident.conf", "people anna app\npeople /^(.*)-of-app$ \\1\npeople /-of-app$ app\n");
        pair("anna", signed("CN=anna,O=people"));
        pair("clerk", signed("CN=clerk-of-app"));
        pair("other", signed("CN=other"));
        X509Bundle forger = new CertificateBuilder()
                .subject("CN=test authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        pair("forged", new CertificateBuilder().subject("CN=anna").buildIssuedBy(forger));
        String rules = "\n[auth]\nhba_file = \"hba.conf\"\nident_file = \"ident.conf\"";
        try (PandoServer pando = serve(own("allow") + "\nclient_ca_file = \"ca.crt\"" + rules, "")) {
            for (String name : List.of("anna", "clerk")) {
                assertThat(cert(pando, name, "app", "app")).startsWith("app");
            }
            assertThat(cert(pando, "other", "app", "app"))
                    .contains("certificate authentication failed for user \"app\"");
            assertThat(cert(pando, "anna", "other", "app"))
                    .contains("certificate authentication failed for user \"other\"");
            assertThat(cert(pando, "other", "other", "app")).contains("role \"other\" does not exist");
            assertThat(cert(pando, "forged", "app", "app"))
                    .doesNotStartWith("app")
                    .contains("SSL");
            assertThat(psql(pando, "sslmode=require", "SELECT 1").output())
                    .contains("connection requires a valid client certificate");
            assertThat(psql(pando, "sslmode=disable", "SELECT 1").output())
                    .contains(
                            "no pg_hba.conf entry for host \"127.0.0.1\", user \"app\", database \"app\", no encryption");
            // A password and the certificate of the same user, for everything else.
            assertThat(cert(pando, "app", "app", "pando", "SHOW VERSION")).startsWith("Pando");
            assertThat(cert(pando, "anna", "app", "pando", "SHOW VERSION"))
                    .contains("certificate authentication failed");
        }
    }

    private static String cert(PandoServer pando, String certificate, String user, String database) throws Exception {
        return cert(pando, certificate, user, database, "SELECT current_user");
    }

    private static String cert(PandoServer pando, String certificate, String user, String database, String sql)
            throws Exception {
        String login = " user=" + user + " dbname=" + database;
        return psql(pando, "sslmode=require sslcert=%1$s.crt sslkey=%1$s.key".formatted(certificate) + login, sql)
                .output();
    }

    @Test
    void handshakesThatStopHalfWayAreHungUpOn() throws Exception {
        try (PandoServer pando = serve(own("require") + "\n[limits]\nlogin_timeout = \"5s\"", "")) {
            List<RawClient> stopped = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient client = new RawClient(pando.port());
                stopped.add(client);
                client.send(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array());
                // The beginning of a handshake, for half of them.
                client.send(i % 2 == 0 ? new byte[0] : new byte[] {0x16, 3, 1, 2, 0, 1, 0});
            }
            long begun = System.nanoTime();
            for (RawClient client : stopped) {
                client.hungUp();
                client.close();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
            assertThat(psql(pando, "sslmode=require", "SELECT 1 + 1").output()).startsWith("2");
        }
    }

    @Test
    void tlsAtOnceNeedsTheNameOfTheProtocol() throws Exception {
        try (PandoServer pando = serve(own("require"), "")) {
            try (SSLSocket socket = handshake(pando, "postgresql");
                    RawClient client = new RawClient(socket)) {
                client.login();
            }
            try (SSLSocket socket = handshake(pando);
                    RawClient client = new RawClient(socket)) {
                assertThat(client.nextError()).startsWith("08P01").contains("ALPN");
                assertThat(client.hungUp()).isTrue();
            }
        }
    }

    private static SSLSocket handshake(PandoServer pando, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, authority.toTrustManagerFactory().getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), pando.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void whatComesUnencryptedBehindTheRequestIsNotTakenForEncrypted() throws Exception {
        try (PandoServer pando = serve(own("require"), "");
                RawClient client = new RawClient(pando.port())) {
            byte[] both = ByteBuffer.allocate(16)
                    .putInt(8)
                    .putInt(SSL_REQUEST)
                    .putInt(8)
                    .putInt(SSL_REQUEST)
                    .array();
            client.send(both);
            assertThat(client.nextError()).startsWith("08P01").contains("unencrypted data");
            assertThat(client.hungUp()).isTrue();
        }
    }

    @Test
    void connectionsToServersAreEncryptedAndTheirCertificatesVerified() throws Exception {
        // Those of a Pando before this one end when the server notices.
        Awaitility.await().until(() -> unencrypted() == null);
        try (PandoServer pando = serve("", "mode = \"verify-full\"\nca_file = \"ca.crt\"");
                Connection client = jdbc(pando, "sslmode=disable");
                Statement statement = client.createStatement();
                ResultSet here = statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            assertThat(here.next()).isTrue();
            assertThat(here.getBoolean(1)).as("the data path").isTrue();
            assertThat(unencrypted()).as("unencrypted connections of Pando's").isNull();
        }
        assertThatThrownBy(() -> serve("", "mode = \"verify-full\"\nca_file = \"stranger.crt\"")
                        .close())
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.SHARD_UNAVAILABLE));
    }

    @Test
    void whereServersDemandCertificatesAllConnectionsShowOne() throws Exception {
        pair("super", signed("CN=" + fleet.superuser().user()));
        Path rules = hbaFile();
        String before = Files.readString(rules);
        try {
            demand(
                    rules,
                    "hostssl app all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n"
                            + "host app all 127.0.0.1/32 reject\n" + before);
            String shown = "mode = \"verify-ca\"\nca_file = \"ca.crt\"\n";
            assertThatThrownBy(() -> serve("", shown).close())
                    .hasMessageContaining("connection requires a valid client certificate");
            try (PandoServer pando = serve("", shown + "cert_file = \"super.crt\"\nkey_file = \"super.key\"");
                    Connection client = jdbc(pando, "sslmode=disable");
                    Statement statement = client.createStatement()) {
                assertThat(statement.execute("SELECT 1")).isTrue();
            }
            demand(rules, before);
            onServer("ALTER SYSTEM SET ssl_max_protocol_version = 'TLSv1.2'", "SELECT pg_reload_conf()");
            Awaitility.await().until(() -> shows("ssl_max_protocol_version", "TLSv1.2"));
            assertThatThrownBy(
                            () -> serve("", shown + "min_version = \"TLSv1.3\"").close())
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.SHARD_UNAVAILABLE));
        } finally {
            Files.writeString(rules, before);
            onServer("ALTER SYSTEM RESET ssl_max_protocol_version", "SELECT pg_reload_conf()");
            Awaitility.await().until(() -> shows("ssl_max_protocol_version", ""));
        }
    }

    private static Connection beside() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + primaryPort() + "/postgres?sslmode=prefer",
                fleet.superuser().user(),
                fleet.superuser().password());
    }

    private static void onServer(String... statements) throws SQLException {
        try (Connection direct = beside();
                Statement statement = direct.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static boolean shows(String setting, String value) throws SQLException {
        try (Connection direct = beside();
                Statement statement = direct.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            return row.next() && row.getString(1).equals(value);
        }
    }

    private static Path hbaFile() throws SQLException {
        try (Connection direct = beside();
                Statement statement = direct.createStatement();
                ResultSet row = statement.executeQuery("SHOW hba_file")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    /** Rules of the server, and whom it takes for an authority. */
    private static void demand(Path rules, String text) throws Exception {
        Path authorities = rules.resolveSibling("server-ca.crt");
        Files.writeString(authorities, authority.getCertificatePEM());
        Files.setOwner(authorities, Files.getOwner(rules));
        Files.writeString(rules, text);
        onServer("ALTER SYSTEM SET ssl_ca_file = 'server-ca.crt'", "SELECT pg_reload_conf()");
        Awaitility.await().until(() -> {
            try (Connection direct = beside();
                    Statement statement = direct.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT count(*) FROM pg_hba_file_rules WHERE options::text LIKE '%clientcert%'")) {
                return row.next()
                        && (row.getInt(1) > 0) == text.contains("clientcert")
                        && shows("ssl_ca_file", "server-ca.crt");
            }
        });
    }

    /** Connections of Pando's to the server that are not encrypted, null for none. */
    private static @Nullable String unencrypted() throws SQLException {
        String sql = "SELECT string_agg(concat_ws(' ', application_name, backend_start, state, query), '; ')"
                + " FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)"
                + " WHERE (application_name = 'pando-control' OR usename = 'app') AND NOT ssl";
        try (Connection direct = direct();
                Statement statement = direct.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aLongStatementIsCancelledOverTlsToo() throws Exception {
        try (PandoServer pando = serve(own("require"), "mode = \"require\"");
                Connection client = jdbc(pando, "sslmode=require");
                Statement statement = client.createStatement()) {
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            assertThat(statement.execute("SELECT 1")).isTrue();
        }
    }

    @Test
    void filesThatDoNotFitAreNamedAtTheStart() throws Exception {
        Map<String, String> named = Map.of(
                "mode = \"require\"\ncert_file = \"pando.crt\"",
                "tls.key_file: is missing",
                "mode = \"require\"\ncert_file = \"pando.crt\"\nkey_file = \"nowhere.key\"",
                "tls.key_file: file nowhere.key cannot be read",
                "mode = \"require\"\ncert_file = \"pando.toml\"\nkey_file = \"pando.key\"",
                "tls.cert_file: file pando.toml is not PEM",
                "mode = \"require\"\ncert_file = \"pando.key\"\nkey_file = \"pando.crt\"",
                "pando.key holds no certificate",
                "mode = \"require\"\ncert_file = \"pando.crt\"\nkey_file = \"app.key\"",
                "app.key is not the key of pando.crt",
                "mode = \"verify\"\ncert_file = \"pando.crt\"\nkey_file = \"pando.key\"",
                "tls.client_ca_file: is missing");
        named.forEach((wrong, said) -> assertThatThrownBy(() -> serve(wrong, "").close())
                .as(wrong)
                .hasMessageContaining(said)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.CONFIG_INVALID)));
    }
}

package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.core.config.PandoConfig;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RELOAD, from the admin database down to who uses the settings. */
class ReloadTest {
    private static final String SETTINGS = "[listen]\nport = 0\n";

    @Test
    void whatChangesIsInForceAtOnceAndClientsGoOn() throws Exception {
        List<Integer> shards = ports(1);
        try (Running pando = Running.at(shards, SETTINGS + "[pool]\nsize = 8\n");
                Connection client = pando.connect();
                Statement statement = client.createStatement()) {
            statement.execute("BEGIN");
            pando.rewrite(Running.config(shards, """
                    [listen]
                    port = 0
                    max_clients = 1
                    [pool]
                    size = 1
                    queue_timeout = "20s"
                    """));
            assertThat(reload(pando)).containsExactly("changed: listen.max_clients, pool.size, pool.queue_timeout");
            statement.execute("SELECT 1");
            statement.execute("COMMIT");
            assertThat(config(pando, "pool.size")).isEqualTo("1");
            assertThatThrownBy(() -> pando.connect().close()).hasMessageContaining("PD2001");
            pando.rewrite(Running.config(shards, "[listen]\nport = 1\nmax_clients = 1\n[pool]\nsize = 1\n"));
            assertThat(reload(pando))
                    .containsExactly("changed: pool.queue_timeout", "takes effect at the next start: listen.port");
            assertThat(config(pando, "listen.port")).isEqualTo("0");
        }
    }

    @Test
    void passwordsAndUsersAreThoseOfTheFile() throws Exception {
        List<Integer> shards = ports(1);
        PandoConfig old = Running.config(shards, SETTINGS);
        try (Running pando = Running.at(shards, SETTINGS);
                Connection before = pando.connect();
                Statement statement = before.createStatement()) {
            pando.rewrite(withoutUser(old, "other"));
            assertThat(reload(pando)).contains("changed: users");
            assertThatThrownBy(() -> pando.admin("other").close()).isInstanceOf(SQLException.class);
            pando.connect().close();
            assertThat(statement.execute("SELECT 1")).isTrue();
            pando.rewrite(old);
            reload(pando);
            pando.admin("other").close();
        }
    }

    @Test
    void aShardThatMovedIsFollowed() throws Exception {
        List<Integer> both = ports(2);
        try (Running pando = Running.at(both.subList(0, 1), SETTINGS);
                Connection client = pando.connect();
                Statement statement = client.createStatement()) {
            assertThat(port(statement)).isEqualTo(both.getFirst());
            pando.rewrite(Running.config(both.subList(1, 2), SETTINGS));
            assertThat(reload(pando)).contains("changed: shards");
            await().until(() -> port(statement) == both.getLast());
        }
    }

    @Test
    void whatCannotBeFollowedChangesNothing() throws Exception {
        List<Integer> shards = ports(1);
        PandoConfig old = Running.config(shards, SETTINGS + "[pool]\nsize = 8\n");
        try (Running pando = Running.at(shards, SETTINGS + "[pool]\nsize = 8\n")) {
            PandoConfig changed = Running.config(shards, SETTINGS + "[pool]\nsize = 9\n");
            pando.rewrite(withCertificate(changed, "no certificate"));
            assertThatThrownBy(() -> reload(pando))
                    .hasMessageContaining("PD7001")
                    .hasMessageContaining("file.crt");
            assertThat(config(pando, "pool.size")).isEqualTo("8");
            pando.rewrite(old);
            assertThat(reload(pando)).contains("nothing has changed");
        }
    }

    private static PandoConfig withoutUser(PandoConfig config, String name) {
        List<PandoConfig.User> users = new ArrayList<>(config.users());
        users.removeIf(user -> user.name().equals(name));
        PandoConfig.Access access = config.access();
        return with(
                config,
                new PandoConfig.Access(access.database(), users, access.auth(), access.control(), access.encryption()));
    }

    private static PandoConfig withCertificate(PandoConfig config, String text) {
        PandoConfig.Access access = config.access();
        PandoConfig.Pem pem = new PandoConfig.Pem("file.crt", new dev.pando.core.config.Secret(text));
        PandoConfig.ClientTls clients = new PandoConfig.ClientTls(
                dev.pando.core.config.ClientTlsMode.ALLOW, pem, pem, null, PandoConfig.Suite.STANDARD);
        PandoConfig.Encryption encryption =
                new PandoConfig.Encryption(clients, access.encryption().servers());
        return with(
                config,
                new PandoConfig.Access(access.database(), access.users(), access.auth(), access.control(), encryption));
    }

    private static PandoConfig with(PandoConfig config, PandoConfig.Access access) {
        return new PandoConfig(
                config.logLevel(),
                config.listen(),
                config.http(),
                access,
                config.pool(),
                config.limits(),
                config.tuning(),
                config.layout());
    }

    private static List<Integer> ports(int shards) throws SQLException {
        return Running.servers(shards).stream().map(TemporaryServer::port).toList();
    }

    private static int port(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT current_setting('port')::int")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** What it told. */
    private static List<String> reload(Running pando) throws SQLException {
        try (Connection admin = pando.admin("app");
                Statement command = admin.createStatement()) {
            command.execute("RELOAD");
            List<String> notices = new ArrayList<>();
            for (SQLWarning notice = command.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                notices.add(notice.getMessage());
            }
            return notices;
        }
    }

    private static String config(Running pando, String key) throws SQLException {
        try (Connection admin = pando.admin("app");
                Statement command = admin.createStatement();
                ResultSet rows = command.executeQuery("SHOW CONFIG")) {
            while (rows.next()) {
                if (rows.getString("key").equals(key)) {
                    return rows.getString("value");
                }
            }
            throw new AssertionError("no setting " + key);
        }
    }
}

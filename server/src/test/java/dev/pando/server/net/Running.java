package dev.pando.server.net;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import dev.pando.lab.TemporaryServer;
import dev.pando.server.PandoServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A Pando before the servers that all tests of the JVM share; users {@code app} and {@code other}, database {@code app}. */
final class Running implements AutoCloseable {
    private static final List<TemporaryServer> SERVERS = new ArrayList<>();

    private final PandoServer server;
    private final AtomicReference<PandoConfig> file;

    private Running(PandoConfig config) {
        this(config, null);
    }

    private Running(PandoConfig config, @Nullable Predecessor predecessor) {
        this.file = new AtomicReference<>(config);
        this.server = PandoServer.start(new LiveConfig(config, file::get), predecessor);
    }

    /** In the place of the one whose takeover socket this is. */
    static Running inPlaceOf(Path socket, String settings) throws SQLException {
        return new Running(
                config(servers(1).stream().map(TemporaryServer::port).toList(), settings),
                Objects.requireNonNull(Predecessor.at(socket)));
    }

    PandoServer server() {
        return server;
    }

    /** The file is another from now on, as RELOAD will find it. */
    void rewrite(PandoConfig config) {
        file.set(config);
    }

    /** Shards are the first servers; {@code settings} are sections of a configuration file without [[users]], [[shards]] and [http]. */
    static Running before(int shards, String settings) throws SQLException {
        return at(servers(shards).stream().map(TemporaryServer::port).toList(), settings);
    }

    /** With shards on these ports. */
    static Running at(List<Integer> ports, String settings) {
        return new Running(config(ports, settings));
    }

    /** Without shards: {@code settings} have [[databases]]. */
    static Running plain(String settings) {
        return new Running(config(List.of(), "[listen]\nport = 0\n" + settings));
    }

    static PandoConfig config(List<Integer> ports, String settings) {
        StringBuilder toml = new StringBuilder(settings).append("""

                [http]
                enabled = false
                [control]
                password = "any"
                [[users]]
                name = "app"
                password = "app"
                admin = true
                [[users]]
                name = "other"
                password = "other"
                """);
        for (int port : ports) {
            toml.append(
                    "[[shards]]\nname = \"s%d\"\nprimary = \"127.0.0.1:%d\"\n".formatted(ports.indexOf(port), port));
        }
        return ConfigLoader.parse(toml.toString(), "test", Purpose.SERVE, SecretSource.of(Path.of("."), Map.of()));
    }

    static List<TemporaryServer> servers(int count) throws SQLException {
        synchronized (SERVERS) {
            while (SERVERS.size() < count) {
                TemporaryServer server = TemporaryServer.start();
                SERVERS.add(server);
                try (Connection connection = server.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
                    statement.execute("CREATE ROLE other LOGIN PASSWORD 'other'");
                    statement.execute("CREATE DATABASE app OWNER app");
                }
            }
            return List.copyOf(SERVERS.subList(0, count));
        }
    }

    int port() {
        return server.port();
    }

    /** One line of what goes on. */
    String status() {
        return server.status();
    }

    Connection connect(String... parameters) throws SQLException {
        return to("app", "app", parameters);
    }

    /** As a user whose password is his name. */
    Connection to(String database, String user, String... parameters) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s&%s"
                .formatted(port(), database, user, user, String.join("&", parameters)));
    }

    /** To the admin database. */
    Connection admin(String user, String... parameters) throws SQLException {
        return to("pando", user, parameters);
    }

    @Override
    public void close() {
        server.close();
    }
}

package dev.pando.testkit;

import dev.pando.base.error.PandoException;
import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.PandoConfig.Control;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.Secret;
import dev.pando.core.config.SecretSource;
import dev.pando.core.config.ShardConfig;
import dev.pando.core.topology.Address;
import dev.pando.lab.Fleet;
import dev.pando.lab.FleetOptions;
import dev.pando.lab.FleetServer;
import dev.pando.lab.Login;
import dev.pando.server.PandoServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A whole Pando in this JVM: real PostgreSQL servers in a temporary folder and the endpoint in front of them, on free ports of
 * 127.0.0.1. Clients are user {@value #USER} with password {@value #USER} in database {@value #USER}.
 */
public final class RunningPando implements AutoCloseable {
    public static final String USER = "app";

    private static final String HOST = "127.0.0.1";

    private final @Nullable Path ownFolder;
    private final Fleet fleet;
    private final PandoConfig config;
    private volatile PandoServer server;

    private RunningPando(@Nullable Path ownFolder, Fleet fleet, PandoConfig config) {
        this.ownFolder = ownFolder;
        this.fleet = fleet;
        this.config = config;
        this.server = PandoServer.start(config);
    }

    /**
     * What to start.
     *
     * @param folder of the fleet, or null for a temporary one that {@link #close} removes
     * @param toml the text of a configuration file as {@code pando up} reads it
     * @param settings of {@code postgresql.conf} on top of the fleet's own
     */
    public record Options(@Nullable Path folder, int shards, int replicas, String toml, Map<String, String> settings) {
        public Options {
            settings = Map.copyOf(settings);
        }

        /** Small servers that are not durable; no replicas. */
        public static Options shards(int shards) {
            return new Options(
                    null, shards, 0, "", Map.of("shared_buffers", "16MB", "fsync", "off", "full_page_writes", "off"));
        }

        public Options replicas(int count) {
            return new Options(folder, shards, count, toml, settings);
        }

        public Options toml(String text) {
            return new Options(folder, shards, replicas, text, settings);
        }

        public Options in(Path path) {
            return new Options(path, shards, replicas, toml, settings);
        }

        /** With servers that lose nothing at a crash. */
        public Options durable() {
            Map<String, String> durable = new LinkedHashMap<>(settings);
            durable.putAll(Map.of("fsync", "on", "full_page_writes", "on"));
            return new Options(folder, shards, replicas, toml, durable);
        }

        public Options setting(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(settings);
            more.put(name, value);
            return new Options(folder, shards, replicas, toml, more);
        }
    }

    public static RunningPando start(Options options) {
        Path given = options.folder();
        Path own = given == null ? temporaryFolder() : null;
        Path folder = own == null ? Objects.requireNonNull(given) : own.resolve("data");
        PandoConfig read = ConfigLoader.parse(
                        options.toml(), "test", Purpose.UP, SecretSource.of(Path.of("."), Map.of()))
                .withPorts(0, 0);
        Fleet fleet = Fleet.open(FleetOptions.of(folder)
                .shards(options.shards())
                .replicas(options.replicas())
                .settings(options.settings()));
        try {
            return new RunningPando(own, fleet, served(read, fleet));
        } catch (PandoException e) {
            fleet.close();
            throw e;
        }
    }

    private static PandoConfig served(PandoConfig config, Fleet fleet) {
        Login login = fleet.superuser();
        List<ShardConfig> shards = fleet.shards().stream()
                .map(shard -> new ShardConfig(
                        "shard-" + shard.number(),
                        address(shard.primary()),
                        shard.replicas().stream().map(RunningPando::address).toList()))
                .toList();
        return config.withFleet(new Control(login.user(), new Secret(login.password())), shards);
    }

    private static Address address(FleetServer server) {
        return new Address(server.host(), server.port());
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("pando-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return server.port();
    }

    public int httpPort() {
        return server.httpPort();
    }

    public Fleet fleet() {
        return fleet;
    }

    /** Stops the endpoint and starts it anew, on other ports, before the same servers. */
    public void restartEndpoint() {
        server.close();
        server = PandoServer.start(config);
    }

    /** For drivers; {@code parameters} are pgjdbc's, such as {@code preferQueryMode=simple}. */
    public String jdbcUrl(String... parameters) {
        return "jdbc:postgresql://" + HOST + ":" + port() + "/" + USER + "?user=" + USER + "&password=" + USER
                + (parameters.length == 0 ? "" : "&" + String.join("&", parameters));
    }

    /** A new client of the endpoint. */
    public Connection connect(String... parameters) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(parameters));
    }

    /** A new connection past the endpoint, to the primary of a shard, as its superuser. */
    public Connection direct(int shard) throws SQLException {
        return direct(fleet.shards().get(shard).primary());
    }

    /** A new connection past the endpoint, as superuser. */
    public Connection direct(FleetServer target) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", fleet.superuser().user());
        login.setProperty("password", fleet.superuser().password());
        return DriverManager.getConnection(
                "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + USER, login);
    }

    @Override
    public void close() {
        server.close();
        fleet.close();
        if (ownFolder != null) {
            Trees.delete(ownFolder);
        }
    }
}

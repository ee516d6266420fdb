package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.SslMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * Opens the control plane's own JDBC connections, with only {@code pg_catalog} in the search path, so that no name of a user's can stand in
 * for a built-in one. Safe for use by several threads.
 */
public final class FleetConnections {
    private static final int CONNECT_SECONDS = 5;

    private final Supplier<Topology> topology;
    private final Supplier<Login> login;
    private final Supplier<PandoConfig.ServerTls> tls;

    /**
     * @param topology read anew for every connection, so that a failover is followed
     */
    public FleetConnections(Supplier<Topology> topology, Login login) {
        this(
                topology,
                () -> login,
                () -> new PandoConfig.ServerTls(SslMode.PREFER, null, null, null, PandoConfig.Suite.STANDARD));
    }

    /** As the configuration in force wants it; all is read anew for every connection. */
    public static FleetConnections of(LiveConfig live) {
        return new FleetConnections(
                () -> live.now().topology(),
                () -> Login.of(live.now()),
                () -> live.now().serverTls());
    }

    /** Fixed in all. */
    public static FleetConnections as(Topology topology, Login login, PandoConfig.ServerTls tls) {
        return new FleetConnections(() -> topology, () -> login, () -> tls);
    }

    private FleetConnections(Supplier<Topology> topology, Supplier<Login> login, Supplier<PandoConfig.ServerTls> tls) {
        this.topology = topology;
        this.login = login;
        this.tls = tls;
    }

    /** A superuser of every shard: it commits prepared transactions of all users, and owns the schema {@code pando}. */
    public record Login(String database, String user, String password) {
        private static Login of(PandoConfig config) {
            return new Login(
                    config.database(),
                    config.control().user(),
                    config.control().password().reveal());
        }

        @Override
        public String toString() {
            return user + "@" + database;
        }
    }

    public Topology topology() {
        return topology.get();
    }

    public int shardCount() {
        return topology().size();
    }

    public List<ShardId> shards() {
        return topology().shards().stream().map(shard -> shard.id()).toList();
    }

    public Connection home() {
        return open(ShardId.HOME);
    }

    /** A connection to the shard's primary, in auto-commit. */
    public Connection open(ShardId shard) {
        Address primary = topology().shard(shard).primary();
        try {
            return open(primary, CONNECT_SECONDS, 0);
        } catch (SQLException e) {
            throw PandoException.causedBy(
                    e, PandoError.SHARD_UNAVAILABLE, shard.index(), primary, String.valueOf(e.getMessage()));
        }
    }

    /** A connection to any server, which gives up when an answer takes longer than {@code answerSeconds} (0: never). */
    Connection open(Address address, int connectSeconds, int answerSeconds) throws SQLException {
        Login as = login.get();
        PandoConfig.ServerTls encryption = tls.get();
        Properties properties = new Properties();
        properties.setProperty("user", as.user());
        properties.setProperty("password", as.password());
        properties.setProperty("ApplicationName", "pando-control");
        properties.setProperty("connectTimeout", Integer.toString(connectSeconds));
        properties.setProperty("loginTimeout", Integer.toString(connectSeconds));
        properties.setProperty("socketTimeout", Integer.toString(answerSeconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("sslmode", encryption.mode().word());
        if (encryption.mode() != SslMode.DISABLE) {
            properties.setProperty("sslfactory", PemSocketFactory.class.getName());
            properties.setProperty("sslfactoryarg", PemSocketFactory.packed(encryption));
        }
        properties.setProperty("options", "-c search_path=pg_catalog -c DateStyle=ISO -c jit=off");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.host() + ":" + address.port() + "/" + as.database(), properties);
    }
}

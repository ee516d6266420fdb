package dev.pando.server.net;

import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One database that clients can name: where it is, how it is pooled, and who knows its schema. The sharded database and a plain one differ
 * in their {@link Backstage} and in how many shards they have, and in nothing else that the data path asks. Used by all event loops; what
 * it holds does not change, but for the parameters its server tells.
 */
public final class Database {
    private final String name;
    private final Topology topology;
    private final Pooling pooling;
    private final Backstage backstage;
    private final boolean onTheFly;
    private final ServerParameters parameters = new ServerParameters();

    /**
     * How its servers are used.
     *
     * @param hosts of a plain database, which all hold the same; empty for a sharded one, where each shard has its primary
     * @param balanced whether connections go to the hosts in turn
     * @param dbname its name on the servers
     * @param login what Pando logs in with, null for each client's own name and password
     * @param size server connections per shard and user
     * @param connectQuery run on every new connection, empty for nothing
     */
    public record Pooling(
            List<Address> hosts,
            boolean balanced,
            String dbname,
            DatabaseConfig.@Nullable Login login,
            PoolMode mode,
            int size,
            String connectQuery) {
        public Pooling {
            hosts = List.copyOf(hosts);
        }
    }

    private Database(String name, Topology topology, Pooling pooling, Backstage backstage, boolean onTheFly) {
        this.name = name;
        this.topology = topology;
        this.pooling = pooling;
        this.backstage = backstage;
        this.onTheFly = onTheFly;
    }

    /** The one whose tables are distributed over shards. */
    public static Database sharded(PandoConfig config, Backstage backstage) {
        Pooling pooling = new Pooling(
                List.of(),
                false,
                config.database(),
                null,
                config.pool().mode(),
                config.pool().size(),
                "");
        return new Database(config.database(), config.topology(), pooling, backstage, false);
    }

    /** One that is pooled as it is; {@code name} is what clients say, which of an entry for any name is not its own. */
    public static Database plain(String name, DatabaseConfig entry, PandoConfig.Pool standard, Backstage backstage) {
        Address first = entry.servers().getFirst();
        Topology topology = new Topology(List.of(new Shard(ShardId.HOME, name, first, List.of())));
        PoolMode mode = entry.mode();
        Integer size = entry.poolSize();
        String dbname = entry.dbname();
        Pooling pooling = new Pooling(
                entry.servers(),
                entry.balanced(),
                dbname == null ? name : dbname,
                entry.login(),
                mode == null ? standard.mode() : mode,
                size == null ? standard.size() : size,
                entry.connectQuery());
        return new Database(name, topology, pooling, backstage, entry.any());
    }

    /** As clients say it. */
    public String name() {
        return name;
    }

    public Topology topology() {
        return topology;
    }

    public Pooling pooling() {
        return pooling;
    }

    Backstage backstage() {
        return backstage;
    }

    /** Made for a name that no entry has. */
    public boolean onTheFly() {
        return onTheFly;
    }

    /** Who a client is on the servers. */
    String serverUser(String user) {
        DatabaseConfig.Login forced = pooling.login();
        return forced == null ? user : forced.user();
    }

    /** What its servers told at login. */
    ServerParameters parameters() {
        return parameters;
    }

    /** A client's mode: its user's own, else the database's. Who shares a login shares its mode too. */
    PoolMode mode(PandoConfig.@Nullable User user) {
        PoolMode own = user == null || pooling.login() != null ? null : user.mode();
        return own == null ? pooling.mode() : own;
    }
}

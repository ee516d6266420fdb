package dev.pando.server.net;

import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tunable;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One database that clients can name: where it is, how it is pooled, and who knows its schema. The sharded database and a plain one differ
 * in their {@link Backstage} and in how many shards they have, and in nothing else that the data path asks. Used by all event loops; a
 * reload puts another {@link Definition} in force.
 */
public final class Database {
    private final String name;
    private final Backstage backstage;
    private final ServerParameters parameters = new ServerParameters();
    private final AtomicInteger clients = new AtomicInteger();
    private volatile Definition definition;
    private @Nullable SharedListening listening;
    private volatile @Nullable OwnSettings ownSettings;

    private record OwnSettings(long epoch, Set<String> names) {}

    /** What the configuration says of it. */
    record Definition(Topology topology, Pooling pooling) {
        /** Of the one whose tables are distributed over shards. */
        static Definition sharded(PandoConfig config) {
            PandoConfig.Pool pool = config.pool();
            return new Definition(
                    config.topology(),
                    new Pooling(List.of(), false, config.database(), null, pool.mode(), pool.size(), ""));
        }

        /** Of one that is pooled as it is; {@code name} is what clients say, of which an entry for any name has none. */
        static Definition plain(String name, DatabaseConfig entry, PandoConfig config) {
            Address first = entry.servers().getFirst();
            PoolMode mode = entry.mode();
            String dbname = entry.dbname();
            return new Definition(
                    new Topology(List.of(new Shard(ShardId.HOME, name, first, List.of()))),
                    new Pooling(
                            entry.servers(),
                            entry.balanced(),
                            dbname == null ? name : dbname,
                            entry.login(),
                            mode == null ? config.pool().mode() : mode,
                            config.count(Tunable.POOL_SIZE, name, ""),
                            entry.connectQuery()));
        }
    }

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

        /** Whether connections of the one are as good as connections of the other. */
        boolean leadsWhere(Pooling other) {
            return hosts.equals(other.hosts)
                    && dbname.equals(other.dbname)
                    && connectQuery.equals(other.connectQuery)
                    && Objects.equals(login, other.login);
        }
    }

    Database(String name, Definition definition, Backstage backstage) {
        this.name = name;
        this.definition = definition;
        this.backstage = backstage;
    }

    void redefine(Definition next) {
        definition = next;
    }

    /** As clients say it. */
    public String name() {
        return name;
    }

    public Topology topology() {
        return definition.topology();
    }

    public Pooling pooling() {
        return definition.pooling();
    }

    Definition definition() {
        return definition;
    }

    Backstage backstage() {
        return backstage;
    }

    /** Clients that have logged in to it and not gone. */
    int clients() {
        return clients.get();
    }

    void entered() {
        clients.incrementAndGet();
    }

    void left() {
        clients.decrementAndGet();
    }

    /** Who a client is on the servers. */
    String serverUser(String user) {
        DatabaseConfig.Login forced = pooling().login();
        return forced == null ? user : forced.user();
    }

    /** What its servers told at login. */
    ServerParameters parameters() {
        return parameters;
    }

    /** A client's mode: its user's own, else the database's. Who shares a login shares its mode too. */
    PoolMode mode(PandoConfig.@Nullable User user) {
        Pooling pooling = pooling();
        PoolMode own = user == null || pooling.login() != null ? null : user.mode();
        return own == null ? pooling.mode() : own;
    }

    /** Where all its clients listen; {@code servers} are those of the loop that does, if it is not known yet. */
    synchronized SharedListening listening(DatabaseServers servers) {
        SharedListening known = listening;
        if (known == null) {
            known = new SharedListening(servers);
            listening = known;
        }
        return known;
    }

    /** Parameters that functions of a plain database mention, as of its last change; null when nobody has looked. */
    @Nullable
    Set<String> ownSettings() {
        OwnSettings known = ownSettings;
        return known == null || known.epoch != backstage.epoch() ? null : known.names;
    }

    void ownSettings(Set<String> names) {
        ownSettings = new OwnSettings(backstage.epoch(), Set.copyOf(names));
    }
}

package dev.pando.server.net;

import dev.pando.base.auth.ServerCredential;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.link.ServerLink;
import dev.pando.core.pool.Allowance;
import dev.pando.core.pool.Hosts;
import dev.pando.core.pool.Pool;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.Place;
import dev.pando.server.auth.Identity;
import dev.pando.server.code.PlainCode;
import dev.pando.server.code.PlainReading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server connections that one event loop has to one database: a pool per shard and user, and in session mode per startup parameters
 * too, so that a client's RESET is the server's own. Clients of this loop use these and no others, so a message never crosses a thread.
 * Owned by the loop.
 */
final class DatabaseServers {
    /**
     * What a server connection has been opened with, and is therefore when DISCARD ALL has run on it.
     *
     * @param user on the servers
     * @param startup what the startup packet says beside user and database
     */
    record Login(String user, Map<String, String> startup) {}

    private record PoolKey(ShardId shard, Login login) {}

    private final LoopServers loop;
    private final Database database;
    private Database.Definition definition;
    private int generation;

    private final Map<PoolKey, Pool<ServerConnection>> pools = new HashMap<>();
    private final IdentityHashMap<ServerLink, ServerConnection> connections = new IdentityHashMap<>();
    private final Map<PoolKey, Allowance.Share> shares = new HashMap<>();
    private final Map<Login, Integer> clients = new HashMap<>();

    private final Traffic[] traffic;
    private final Set<ServerConnection> apart = new HashSet<>();
    private final Set<ShardId> paused = new HashSet<>();
    private final Map<ShardId, Long> reconnected = new HashMap<>();
    private @Nullable Hosts hosts;
    private int rotation;
    /** Who has used a pooled connection since the database's code was last read. */
    private @Nullable Identity lastClient;

    DatabaseServers(LoopServers loop, Database database) {
        this.loop = loop;
        this.database = database;
        this.traffic = new Traffic[database.topology().size()];
        Arrays.setAll(traffic, shard -> new Traffic());
        this.definition = database.definition();
        this.hosts = hosts(definition.pooling());
    }

    private static @Nullable Hosts hosts(Database.Pooling pooling) {
        return pooling.hosts().isEmpty() ? null : new Hosts(pooling.hosts(), pooling.balanced());
    }

    /** Whether prepared transactions are the clients' own affair; on several shards they are those of a commit to all. */
    boolean clientsPrepare() {
        return definition.topology().size() == 1;
    }

    /** Other settings from now on. Where the database has moved, connections to its old place are replaced as they become free. */
    void reconfigure() {
        Database.Definition before = definition;
        definition = database.definition();
        generation++;
        hosts = hosts(definition.pooling());
        long now = System.nanoTime();
        pools.forEach((key, pool) ->
                pool.reconfigure(loop.settings(database, key.login().user()), now));
        boolean elsewhere = !definition.pooling().leadsWhere(before.pooling());
        Set<ShardId> moved = definition.topology().shards().stream()
                .filter(shard -> elsewhere
                        || !shard.primary()
                                .equals(before.topology().shard(shard.id()).primary()))
                .map(Shard::id)
                .collect(Collectors.toSet());
        if (!moved.isEmpty()) {
            reconnect(moved);
        }
    }

    /** Grows with each change of the configuration. */
    int generation() {
        return generation;
    }

    LoopServers loop() {
        return loop;
    }

    Database database() {
        return database;
    }

    Traffic traffic(ShardId shard) {
        return traffic[shard.index()];
    }

    ShardId anyShard() {
        rotation = (rotation + 1) % definition.topology().size();
        return new ShardId(rotation);
    }

    /** The pool of a client that has proved who it is, or of the login that all clients share. */
    Pool<ServerConnection> pool(ShardId shard, Identity client, Map<String, String> startup) {
        Identity identity = onServers(client);
        return pools.computeIfAbsent(
                new PoolKey(shard, new Login(identity.user(), startup)),
                missing -> open(definition.topology().shard(shard), identity, startup));
    }

    /** With what to log in now. */
    private Identity onServers(Identity identity) {
        DatabaseConfig.Login forced = definition.pooling().login();
        return forced == null
                ? new Identity(identity.user(), loop.authenticator().credential(identity))
                : new Identity(
                        forced.user(),
                        ServerCredential.password(forced.password().reveal()));
    }

    private Pool<ServerConnection> open(Shard shard, Identity identity, Map<String, String> startup) {
        Opening port = new Opening(shard.id(), identity, startup);
        String user = identity.user();
        Allowance.Share share =
                loop.bounds().share(new Place(database.name(), shard.id()), shard.primary(), user, loop.loop());
        shares.put(new PoolKey(shard.id(), new Login(user, startup)), share);
        Pool<ServerConnection> pool =
                new Pool<>(shard.name() + " (" + shard.primary() + ")", loop.settings(database, user), share, port);
        port.pool = pool;
        if (paused.contains(shard.id())) {
            pool.pause();
        }
        for (int i = 0; i < clients.getOrDefault(new Login(user, startup), 0); i++) {
            pool.clientCame(System.nanoTime());
        }
        return pool;
    }

    /** Somebody has logged in: where a minimum of connections is kept, they begin to be opened. Returns whom {@link #clientLeft} is told. */
    Login clientCame(Identity client, Map<String, String> startup) {
        Login login = new Login(onServers(client).user(), startup);
        boolean eager = loop.settings(database, login.user()).upkeep().minimum() > 0;
        for (Shard shard : definition.topology().shards()) {
            Pool<ServerConnection> pool =
                    eager ? pool(shard.id(), client, startup) : pools.get(new PoolKey(shard.id(), login));
            if (pool != null) {
                pool.clientCame(System.nanoTime());
            }
        }
        clients.merge(login, 1, Integer::sum);
        return login;
    }

    void clientLeft(Login login) {
        clients.computeIfPresent(login, (name, count) -> count == 1 ? null : count - 1);
        pools.forEach((key, pool) -> {
            if (key.login().equals(login)) {
                pool.clientLeft();
            }
        });
    }

    ServerConnection connectionOf(ServerLink link) {
        return Objects.requireNonNull(connections.get(link));
    }

    /** Opens and closes the connections of one pool. */
    private final class Opening implements Pool.Port<ServerConnection>, ServerConnection.Owner {
        private final ShardId shard;
        private final Identity identity;
        private final Map<String, String> startup;
        private @Nullable Pool<ServerConnection> pool;
        /** Hosts that could not be reached, one after the other, for the connection that a session waits for. */
        private int unreachable;

        Opening(ShardId shard, Identity identity, Map<String, String> startup) {
            this.shard = shard;
            this.identity = identity;
            this.startup = startup;
        }

        @Override
        public void open() {
            Shard there = at(definition.topology().shard(shard));
            String query = definition.pooling().connectQuery();
            loop.connect(there, new ServerConnection(DatabaseServers.this, there, latest(), startup, query, this));
        }

        /** The pool's user with what it logs in with now. Who is forced no longer goes on until its pool is empty. */
        private Identity latest() {
            Identity now = onServers(identity);
            return now.user().equals(identity.user()) ? now : identity;
        }

        @Override
        public void attempt(ServerConnection connection) {
            connection.probe(alive -> mine().tried(connection, alive, System.nanoTime()));
        }

        @Override
        public boolean doubtful(ServerConnection connection) {
            return connection.doubtful();
        }

        @Override
        public void close(ServerConnection connection) {
            if (connections.remove(connection.link()) != null) {
                loop.journal().serverLeft(connection, "no longer needed");
            }
            connection.close();
        }

        @Override
        public void opened(ServerConnection connection) {
            unreachable = 0;
            connections.put(connection.link(), connection);
            if (shard.equals(ShardId.HOME)) {
                database.parameters().learn(new Login(identity.user(), startup), connection.parameters());
            }
            loop.journal().serverConnected(connection);
            mine().opened(connection, System.nanoTime());
        }

        @Override
        public void failed(ServerConnection connection, PandoException reason) {
            Hosts others = hosts;
            if (others != null && reason.error() == PandoError.SHARD_UNAVAILABLE) {
                others.failed(connection.shard().primary());
                if (++unreachable < others.size()) {
                    open();
                    return;
                }
            }
            unreachable = 0;
            if (reason.error() == PandoError.BACKEND_LOGIN || reason.error() == PandoError.SECRET_UNFIT) {
                loop.authenticator().refusedByServer(identity.user());
            }
            mine().openFailed(reason);
        }

        @Override
        public void lost(ServerConnection connection) {
            if (connection.client() == null) {
                if (connections.remove(connection.link()) != null) {
                    loop.journal().serverLeft(connection, "closed by the server");
                }
                mine().lost(connection);
            }
        }

        @Override
        public void released(ServerConnection connection, boolean reusable) {
            mine().release(connection, reusable, System.nanoTime());
        }

        private Pool<ServerConnection> mine() {
            return Objects.requireNonNull(pool);
        }
    }

    /** The shard with the host that is next, if it has several. */
    private Shard at(Shard shard) {
        return hosts == null ? shard : new Shard(shard.id(), shard.name(), hosts.next(), List.of());
    }

    /**
     * Opens a connection to home that belongs to no pool.
     *
     * @param startup what its startup packet says beside user and database
     */
    ServerConnection connectApart(Identity client, Map<String, String> startup, ServerConnection.Owner owner) {
        return connectApart(ShardId.HOME, client, startup, owner);
    }

    /** The same to any shard. */
    ServerConnection connectApart(
            ShardId shard, Identity client, Map<String, String> startup, ServerConnection.Owner owner) {
        Shard there = at(definition.topology().shard(shard));
        ServerConnection connection = new ServerConnection(this, there, onServers(client), startup, "", owner);
        loop.connect(there, connection);
        return connection;
    }

    /** It is one that belongs to no pool, or was. */
    void apart(ServerConnection connection, boolean there) {
        if (there) {
            connections.put(connection.link(), connection);
            apart.add(connection);
        } else {
            connections.remove(connection.link());
            apart.remove(connection);
        }
    }

    /** A client has given a connection back that serves whoever comes. */
    void used(Identity client) {
        lastClient = client;
    }

    /** On a connection as the clients have, and only while they use them, so that an idle database stays so. */
    private void readCode(long now) {
        PlainCode code = database.backstage().readByClients();
        Identity client = lastClient;
        if (code == null || client == null || !code.due(now)) {
            return;
        }
        lastClient = null;
        Pool<ServerConnection> pool = pool(ShardId.HOME, client, ServerConnection.POOLED);
        PlainReading reading = code.begin(now);
        if (reading != null) {
            pool.acquire(new CodeReader(database, code, reading, loop), now);
        }
    }

    void tick(long now) {
        readCode(now);
        // A session that goes on may open a pool.
        List.copyOf(pools.values()).forEach(pool -> pool.tick(now));
        pools.entrySet().removeIf(entry -> over(entry.getKey(), entry.getValue()));
    }

    /** Clients may come with ever other startup parameters: their pools end with the last client and connection. */
    private boolean over(PoolKey key, Pool<ServerConnection> pool) {
        boolean over = !key.login().startup().equals(ServerConnection.POOLED)
                && !clients.containsKey(key.login())
                && pool.unused();
        Allowance.Share share = over ? shares.remove(key) : null;
        if (share != null) {
            share.leave();
        }
        return over;
    }

    void turnTraffic() {
        Arrays.stream(traffic).forEach(Traffic::turn);
    }

    void pause(Set<ShardId> shards) {
        paused.addAll(shards);
        of(shards).forEach(Pool::pause);
    }

    void resume(Set<ShardId> shards) {
        paused.removeAll(shards);
        of(shards).forEach(pool -> pool.resume(System.nanoTime()));
    }

    void reconnect(Set<ShardId> shards) {
        shards.forEach(shard -> reconnected.put(shard, System.nanoTime()));
        of(shards).forEach(Pool::reconnect);
    }

    boolean pausedAll(Set<ShardId> shards) {
        return paused.containsAll(shards);
    }

    boolean drained(Set<ShardId> shards) {
        return of(shards).stream().allMatch(Pool::drained);
    }

    int outdated(Set<ShardId> shards) {
        return of(shards).stream().mapToInt(Pool::outdated).sum();
    }

    boolean outdated(ServerConnection connection) {
        Long at = reconnected.get(connection.shard().id());
        return at != null && connection.sinceNanos() - at < 0;
    }

    /** Whether the client holds a connection from before the last RECONNECT. */
    boolean outdated(ClientConnection client) {
        return !reconnected.isEmpty()
                && connections.values().stream()
                        .anyMatch(connection -> connection.client() == client && outdated(connection));
    }

    private List<Pool<ServerConnection>> of(Set<ShardId> shards) {
        return pools.entrySet().stream()
                .filter(entry -> shards.contains(entry.getKey().shard()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Pools one by one. */
    List<PoolSnapshot> poolSnapshots() {
        long now = System.nanoTime();
        List<PoolSnapshot> all = new ArrayList<>();
        pools.forEach((key, pool) -> all.add(
                new PoolSnapshot(database.name(), key.shard(), key.login().user(), pool.statistics(now))));
        return all;
    }

    /** Pools of a shard, all users together. */
    PoolStatistics statistics(ShardId shard) {
        long now = System.nanoTime();
        PoolStatistics sum = PoolStatistics.NONE;
        for (Map.Entry<PoolKey, Pool<ServerConnection>> entry : pools.entrySet()) {
            if (entry.getKey().shard().equals(shard)) {
                sum = sum.plus(entry.getValue().statistics(now));
            }
        }
        return sum;
    }

    List<ServerConnection> connections() {
        return new ArrayList<>(connections.values());
    }

    void close() {
        List.copyOf(pools.values()).forEach(Pool::close);
        apart.forEach(ServerConnection::close);
        loop.bounds().left(shares.values());
    }
}

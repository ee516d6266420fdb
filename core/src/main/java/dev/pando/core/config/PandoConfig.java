package dev.pando.core.config;

import dev.pando.core.hba.AccessRules;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything an operator can set, checked. docs/config.md says what each key means; {@link ConfigKey} is the list behind it. */
public record PandoConfig(
        LogLevel logLevel,
        Listen listen,
        Http http,
        Access access,
        Pool pool,
        Limits limits,
        Tuning tuning,
        Layout layout) {

    /**
     * Where PostgreSQL clients connect. Port 0 asks the system for a free one.
     *
     * @param maxLogins connections that have not logged in, beside {@code maxClients}
     * @param host addresses, separated by commas
     */
    public record Listen(
            String host, int port, int maxClients, int maxLogins, Node node, Sockets sockets, Restart restart) {
        /** The addresses one by one, as written. */
        public List<String> hosts() {
            return Arrays.stream(host.split(",", -1)).map(String::strip).toList();
        }

        private Listen keepingFixed(Listen running) {
            return new Listen(
                    running.host,
                    running.port,
                    maxClients,
                    maxLogins,
                    new Node(running.node.name(), running.node.number(), node.peers()),
                    running.sockets,
                    new Restart(
                            running.restart.socket(),
                            restart.clientTimeout(),
                            restart.transactionTimeout(),
                            restart.fallbackTime()));
        }
    }

    /**
     * This node among others.
     *
     * @param name empty for one made from machine and port
     * @param number in the keys of its clients, 0 when it is alone
     */
    public record Node(String name, int number, List<Peer> peers) {
        public Node {
            peers = List.copyOf(peers);
        }
    }

    /** Another Pando behind the same load balancer. */
    public record Peer(int number, Address address) {}

    /**
     * What is particular about the listening sockets.
     *
     * @param folder of the unix socket, or an abstract name with {@code @} in front
     * @param mode of its file, octal
     */
    public record Sockets(
            @Nullable String folder, String mode, @Nullable String group, boolean reusePort) {}

    /** How this process makes room for the next. {@code socket}: over which it is asked to. */
    public record Restart(
            @Nullable String socket, Duration clientTimeout, Duration transactionTimeout, Duration fallbackTime) {}

    /**
     * Where the HTTP API and the status page are served. Port 0 asks the system for a free one.
     *
     * @param plans whether whoever can reach it may have servers asked for plans of statements
     */
    public record Http(boolean enabled, String host, int port, boolean plans) {
        private Http keepingFixed(Http running) {
            return new Http(running.enabled, running.host, running.port, plans);
        }
    }

    /** Who may use what: the one database clients see, the users that may log in, and Pando's own user on every shard. */
    public record Access(String database, List<User> users, Auth auth, Control control, Encryption encryption) {
        public Access {
            users = List.copyOf(users);
        }
    }

    /**
     * How users log in.
     *
     * @param rules null when everybody proves a password
     * @param file with users beside those under [[users]], null for none
     * @param fileUsers those users
     * @param lookup null when who is in no list does not exist
     * @param failureDelay the longest wait after wrong passwords, zero for none
     */
    public record Auth(
            @Nullable Rules rules,
            @Nullable String file,
            List<User> fileUsers,
            @Nullable Lookup lookup,
            Duration failureDelay) {
        public Auth {
            fileUsers = List.copyOf(fileUsers);
        }
    }

    /** The rules' files, and what stands in them. */
    public record Rules(String hbaFile, @Nullable String identFile, AccessRules access) {}

    /** A query for users who are in no list, and who runs it where. An empty password is none, no database the sharded one or else the first. */
    public record Lookup(
            String query,
            String user,
            Secret password,
            @Nullable String database,
            Duration cache) {}

    /** TLS towards clients and towards servers. */
    public record Encryption(ClientTls clients, ServerTls servers) {}

    /** Certificate and key are there unless the mode is OFF, the authority if it is VERIFY. */
    public record ClientTls(
            ClientTlsMode mode,
            @Nullable Pem certificate,
            @Nullable Pem key,
            @Nullable Pem clientAuthority,
            Suite suite) {}

    /** The authority is there if the mode verifies. */
    public record ServerTls(
            SslMode mode,
            @Nullable Pem authority,
            @Nullable Pem certificate,
            @Nullable Pem key,
            Suite suite) {}

    /** The lowest version of TLS, and names of ciphers separated by colons; without those the choice is Java's. */
    public record Suite(String minimum, @Nullable String ciphers) {
        public static final Suite STANDARD = new Suite("TLSv1.2", null);
    }

    /** A PEM file, as the configuration names it, and what it holds. */
    public record Pem(String file, Secret text) {}

    /**
     * One who may log in, or {@code *} for whoever else does.
     *
     * @param password the password, a SCRAM verifier or an MD5 hash; empty when it comes from elsewhere or is not needed
     * @param admin may also change things in the admin database, not only look
     * @param mode overrides that of databases and pool, null for none
     */
    public record User(
            String name,
            Secret password,
            boolean admin,
            @Nullable PoolMode mode) {}

    /** The superuser Pando itself uses on every shard: catalog, statistics, DDL of its own. */
    public record Control(String user, Secret password) {}

    /** Server connections; {@code connectTimeout} is for connecting and again for logging in, {@code wildcardIdleTimeout} for databases without clients. */
    public record Pool(
            Sizes sizes,
            Queue queue,
            Upkeep upkeep,
            Duration connectTimeout,
            PoolMode mode,
            Duration wildcardIdleTimeout) {
        public int size() {
            return sizes.size();
        }

        public Duration queueTimeout() {
            return queue.timeout();
        }
    }

    /** Server connections per shard: of one user, and for {@code maxOf…} (zero for any number) of all of a database or a user. */
    public record Sizes(int size, int minimum, int reserve, int maxOfDatabase, int maxOfUser) {}

    /** How long a statement waits for a server connection, until it is refused, told so, or given one of the reserve. */
    public record Queue(Duration timeout, Duration notice, Duration reserveTimeout) {}

    /** {@code idleTimeout} and {@code lifetime} of zero keep connections for ever. */
    public record Upkeep(
            Duration idleTimeout,
            Duration lifetime,
            Duration checkDelay,
            Duration loginRetry,
            boolean roundRobin,
            boolean fastClose) {}

    /** A bound on everything that grows. Bytes are bytes; {@code maxPreparedStatements} counts per session, with portals. */
    public record Limits(
            int maxMessageBytes,
            int maxStatementBytes,
            Duration loginTimeout,
            int maxPreparedStatements,
            long mergeMemory,
            long planCacheBytes,
            int parserQueue,
            int maxWildcardDatabases) {}

    /** The sharded database, if there is one: the shards in the order of their ids and the declared tables. Then the plain databases. */
    public record Layout(List<ShardConfig> shards, List<TableConfig> tables, List<DatabaseConfig> databases) {
        public Layout {
            shards = List.copyOf(shards);
            tables = List.copyOf(tables);
            databases = List.copyOf(databases);
        }

        /** A shard may move to another server, but neither come nor go while rows are placed by their number. */
        private Layout keepingFixed(Layout running) {
            boolean same = names().equals(running.names());
            return new Layout(same ? shards : running.shards, running.tables, databases);
        }

        private List<String> names() {
            return shards.stream().map(ShardConfig::name).toList();
        }
    }

    public String database() {
        return access.database();
    }

    public List<User> users() {
        return access.users();
    }

    public Auth auth() {
        return access.auth();
    }

    public Control control() {
        return access.control();
    }

    public ClientTls clientTls() {
        return access.encryption().clients();
    }

    public ServerTls serverTls() {
        return access.encryption().servers();
    }

    public Tuning.Logging logging() {
        return tuning.logging();
    }

    public Tuning.Network network() {
        return tuning.network();
    }

    public Tuning.Clients clients() {
        return tuning.clients();
    }

    public Tuning.Timeouts timeouts() {
        return tuning.timeouts();
    }

    /** For this user in this database: the user's own value, else the database's, else the one for all. */
    public int count(Tunable tunable, String database, String user) {
        return (Integer) tuned(tunable, database, user);
    }

    /** As {@link #count}, for those that are times. */
    public Duration time(Tunable tunable, String database, String user) {
        return (Duration) tuned(tunable, database, user);
    }

    private Object tuned(Tunable tunable, String database, String user) {
        Object own = tuning.overrides().find(tunable, database, user);
        return own == null ? tunable.forAll(this) : own;
    }

    /** Whether any client's time is limited. */
    public boolean watchesClients() {
        Tuning.Timeouts all = timeouts();
        return pool.upkeep().fastClose()
                || Stream.of(all.clientIdle(), all.idleTransaction(), all.transaction(), all.query())
                        .anyMatch(limit -> !limit.isZero())
                || Stream.of(tuning.overrides().users(), tuning.overrides().databases())
                        .flatMap(named -> named.values().stream())
                        .anyMatch(own -> own.keySet().stream().anyMatch(Tunable::watched));
    }

    /** The smallest pool that anybody has. */
    public int smallestPool() {
        return Stream.of(tuning.overrides().users(), tuning.overrides().databases())
                .flatMap(named -> named.values().stream())
                .map(own -> own.get(Tunable.POOL_SIZE))
                .filter(Objects::nonNull)
                .mapToInt(Integer.class::cast)
                .reduce(pool.size(), Math::min);
    }

    /** Server connections of a user per shard, clients of a user; zero for any number. */
    public int limitOfUser(Tunable tunable, String user) {
        Object own = tuning.overrides().ofUser(tunable, user);
        boolean servers = tunable == Tunable.MAX_CONNECTIONS;
        return own != null
                ? (Integer) own
                : servers ? pool.sizes().maxOfUser() : clients().maxOfUser();
    }

    /** As {@link #limitOfUser}, of a database. */
    public int limitOfDatabase(Tunable tunable, String database) {
        Object own = tuning.overrides().ofDatabase(tunable, database);
        boolean servers = tunable == Tunable.MAX_CONNECTIONS;
        return own != null
                ? (Integer) own
                : servers ? pool.sizes().maxOfDatabase() : clients().maxOfDatabase();
    }

    public List<ShardConfig> shards() {
        return layout.shards();
    }

    public List<TableConfig> tables() {
        return layout.tables();
    }

    /** The plain ones. */
    public List<DatabaseConfig> databases() {
        return layout.databases();
    }

    /** Whether there is a sharded database; without one Pando is a pooler and nothing else. */
    public boolean sharded() {
        return !layout.shards().isEmpty();
    }

    public Topology topology() {
        List<Shard> shards = new ArrayList<>();
        for (ShardConfig shard : layout.shards()) {
            shards.add(new Shard(new ShardId(shards.size()), shard.name(), shard.primary(), shard.replicas()));
        }
        return new Topology(shards);
    }

    public PandoConfig withPorts(int port, int httpPort) {
        return new PandoConfig(
                logLevel,
                new Listen(
                        listen.host(),
                        port,
                        listen.maxClients(),
                        listen.maxLogins(),
                        listen.node(),
                        listen.sockets(),
                        listen.restart()),
                new Http(http.enabled(), http.host(), httpPort, http.plans()),
                access,
                pool,
                limits,
                tuning,
                layout);
    }

    /** As this one, but for what a running process cannot change, which is as in {@code running}: see {@link ConfigKey#live}. */
    PandoConfig keepingFixed(PandoConfig running) {
        Limits old = running.limits;
        return new PandoConfig(
                logLevel,
                listen.keepingFixed(running.listen),
                http.keepingFixed(running.http),
                new Access(
                        running.access.database(),
                        access.users(),
                        access.auth(),
                        access.control(),
                        access.encryption()),
                pool,
                new Limits(
                        limits.maxMessageBytes(),
                        old.maxStatementBytes(),
                        limits.loginTimeout(),
                        limits.maxPreparedStatements(),
                        limits.mergeMemory(),
                        old.planCacheBytes(),
                        old.parserQueue(),
                        limits.maxWildcardDatabases()),
                tuning.keepingFixed(running.tuning),
                layout.keepingFixed(running.layout));
    }

    /** With the servers that {@code pando up} made. */
    public PandoConfig withFleet(Control control, List<ShardConfig> shards) {
        return new PandoConfig(
                logLevel,
                listen,
                http,
                new Access(access.database(), access.users(), access.auth(), control, access.encryption()),
                pool,
                limits,
                tuning,
                new Layout(shards, layout.tables(), layout.databases()));
    }
}

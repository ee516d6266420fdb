package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration file. The loader, the printer, {@code docs/config.md} and {@code docs/pando.schema.json} are all made from
 * this list; a key is added here and nowhere else first.
 */
@SuppressWarnings("ImmutableEnumChecker") // kinds are records of values, defaults are text, numbers or flags
enum ConfigKey {
    LOG_LEVEL(
            Section.TOP,
            "log_level",
            new ValueKind.Choice(List.of("error", "warn", "info", "debug", "trace")),
            "info",
            "The lowest level that is logged."),

    LOG_FORMAT(
            Section.TOP,
            "log_format",
            new ValueKind.Choice(LogFormat.words()),
            "text",
            c -> c.logging().format().word()),
    LOG_CONNECTIONS(
            Section.TOP,
            "log_connections",
            new ValueKind.Flag(),
            false,
            c -> c.logging().connections()),
    LOG_DISCONNECTIONS(
            Section.TOP,
            "log_disconnections",
            new ValueKind.Flag(),
            false,
            c -> c.logging().disconnections()),
    LOG_POOLER_ERRORS(
            Section.TOP,
            "log_pooler_errors",
            new ValueKind.Flag(),
            true,
            c -> c.logging().errors()),
    LOG_STATS(
            Section.TOP,
            "log_stats",
            new ValueKind.Flag(),
            false,
            c -> c.logging().statistics()),
    STATS_PERIOD(
            Section.TOP,
            "stats_period",
            new ValueKind.Time(Duration.ofSeconds(1), Duration.ofDays(1)),
            "1min",
            c -> c.logging().statisticsPeriod()),

    LISTEN_HOST(
            Section.LISTEN,
            "host",
            new ValueKind.Text(),
            "127.0.0.1",
            "Addresses to listen on, separated by commas. `0.0.0.0`, `::` or `*` opens it to the network."),
    LISTEN_PORT(Section.LISTEN, "port", new ValueKind.Whole(0, 65535), 6432L, "Port to listen on; 0 takes a free one."),
    LISTEN_MAX_CLIENTS(
            Section.LISTEN,
            "max_clients",
            new ValueKind.Whole(1, 1_000_000),
            20_000L,
            "Clients logged in at once; one more is refused with PD2001. Each costs one file descriptor and some 10 kB."
                    + " The admin database has ten places of its own beyond these."),
    LISTEN_MAX_LOGINS(
            Section.LISTEN,
            "max_logins",
            new ValueKind.Whole(1, 1_000_000),
            2_000L,
            "Connections that have not logged in yet, beside those. One more takes the place of the oldest, if that has had a"
                    + " second already, or else is refused with PD2009."),
    LISTEN_UNIX_SOCKET_DIR(
            Section.LISTEN,
            "unix_socket_dir",
            new ValueKind.Text(),
            null,
            "Folder of the unix socket `.s.PGSQL.port` and its `.lock`; none when left out. With `@` in front it is a name without"
                    + " a file (Linux's abstract sockets)."),
    LISTEN_UNIX_SOCKET_MODE(
            Section.LISTEN,
            "unix_socket_mode",
            new ValueKind.Text(),
            "0777",
            "Who may open the unix socket, as chmod's octal number."),
    LISTEN_UNIX_SOCKET_GROUP(
            Section.LISTEN,
            "unix_socket_group",
            new ValueKind.Text(),
            null,
            "The group that the unix socket belongs to."),
    LISTEN_REUSE_PORT(
            Section.LISTEN,
            "reuse_port",
            new ValueKind.Flag(),
            false,
            "Let several processes listen on the same port; the system spreads connections over them. Each needs its own"
                    + " `node.name` and `node.number`."),

    LISTEN_BACKLOG(
            Section.LISTEN,
            "backlog",
            new ValueKind.Whole(1, 65535),
            4096L,
            c -> c.network().backlog()),
    LISTEN_MAX_DATABASE_CLIENTS(
            Section.LISTEN,
            "max_database_clients",
            new ValueKind.Whole(0, 1_000_000),
            0L,
            c -> c.clients().maxOfDatabase()),
    LISTEN_MAX_USER_CLIENTS(
            Section.LISTEN,
            "max_user_clients",
            new ValueKind.Whole(0, 1_000_000),
            0L,
            c -> c.clients().maxOfUser()),
    LISTEN_ADD_HOST(
            Section.LISTEN,
            "application_name_add_host",
            new ValueKind.Flag(),
            false,
            c -> c.clients().applicationNameAddHost()),
    LISTEN_SCRAM_ITERATIONS(
            Section.LISTEN,
            "scram_iterations",
            new ValueKind.Whole(1, 10_000_000),
            4096L,
            c -> c.clients().scramIterations()),

    NETWORK_KEEPALIVE(
            Section.NETWORK,
            "keepalive",
            new ValueKind.Flag(),
            true,
            c -> c.network().keepalive()),
    NETWORK_KEEPALIVE_IDLE(
            Section.NETWORK,
            "keepalive_idle",
            Kinds.SECONDS,
            "0s",
            c -> c.network().keepaliveIdle()),
    NETWORK_KEEPALIVE_INTERVAL(
            Section.NETWORK,
            "keepalive_interval",
            Kinds.SECONDS,
            "0s",
            c -> c.network().keepaliveInterval()),
    NETWORK_KEEPALIVE_COUNT(
            Section.NETWORK,
            "keepalive_count",
            new ValueKind.Whole(0, 127),
            0L,
            c -> c.network().keepaliveCount()),
    NETWORK_USER_TIMEOUT(
            Section.NETWORK,
            "user_timeout",
            Kinds.SECONDS,
            "0s",
            c -> c.network().userTimeout()),

    TLS_MODE(Section.TLS, "mode", new ValueKind.Choice(ClientTlsMode.words()), "off"),
    TLS_CERT_FILE(Section.TLS, "cert_file", new ValueKind.Text(), null),
    TLS_KEY_FILE(Section.TLS, "key_file", new ValueKind.Text(), null),
    TLS_CLIENT_CA_FILE(Section.TLS, "client_ca_file", new ValueKind.Text(), null),

    TLS_MIN_VERSION(
            Section.TLS,
            "min_version",
            Kinds.VERSION,
            "TLSv1.2",
            c -> c.clientTls().suite().minimum()),
    TLS_CIPHERS(
            Section.TLS,
            "ciphers",
            new ValueKind.Text(),
            null,
            c -> c.clientTls().suite().ciphers()),

    AUTH_HBA_FILE(
            Section.AUTH,
            "hba_file",
            new ValueKind.Text(),
            null,
            "Rules in the format of `pg_hba.conf`; the first that is about a client decides. Without it everybody proves a"
                    + " password."),
    AUTH_IDENT_FILE(
            Section.AUTH,
            "ident_file",
            new ValueKind.Text(),
            null,
            "Maps for `map=` in the rules, in the format of `pg_ident.conf`."),
    AUTH_FILE(
            Section.AUTH,
            "file",
            new ValueKind.Text(),
            null,
            "More users, in the format of PgBouncer's `userlist.txt`: passwords, SCRAM verifiers or MD5 hashes."),
    AUTH_QUERY(
            Section.AUTH,
            "query",
            new ValueKind.Text(),
            "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_catalog.pg_authid"
                    + " WHERE rolname = $1 AND rolcanlogin",
            "Asks for a user who is in no list: one row of name and secret, as PgBouncer's `auth_query`. Only with `user`."),
    AUTH_USER(
            Section.AUTH,
            "user",
            new ValueKind.Text(),
            null,
            "The role that runs `query`. Left out, users in no list do not exist."),
    AUTH_PASSWORD(Section.AUTH, "password", new ValueKind.Password(), null, "Its password."),
    AUTH_PASSWORD_FILE(
            Section.AUTH,
            "password_file",
            new ValueKind.Text(),
            null,
            "A file that holds the password; a relative path starts at the configuration file's folder."),
    AUTH_PASSWORD_ENV(
            Section.AUTH,
            "password_env",
            new ValueKind.Text(),
            null,
            "The environment variable that holds the password."),
    AUTH_DATABASE(
            Section.AUTH,
            "database",
            new ValueKind.Text(),
            null,
            "The database in which `query` runs, as clients call it; left out, `database.name`, or without shards the first of"
                    + " `[[databases]]`."),
    AUTH_CACHE(
            Section.AUTH,
            "cache",
            new ValueKind.Time(Duration.ZERO, Duration.ofDays(1)),
            "10s",
            "How long an answer of `query` is good for; a login that fails asks again at once."),
    AUTH_FAILURE_DELAY(
            Section.AUTH,
            "failure_delay",
            new ValueKind.Time(Duration.ZERO, Duration.ofMinutes(1)),
            "5s",
            "After wrong passwords the next answer to the same user from the same address comes later each time, from 100 ms up to"
                    + " this, or half of `limits.login_timeout` if that is less; 0s answers at once."),

    HTTP_ENABLED(Section.HTTP, "enabled", new ValueKind.Flag(), true, "Whether to serve HTTP at all."),
    HTTP_HOST(Section.HTTP, "host", new ValueKind.Text(), "127.0.0.1"),
    HTTP_PORT(Section.HTTP, "port", new ValueKind.Whole(0, 65535), 8432L, "Port to listen on; 0 takes a free one."),

    NODE_NAME(Section.NODE, "name", new ValueKind.Text(), null),
    NODE_NUMBER(
            Section.NODE,
            "number",
            new ValueKind.Whole(0, 1023),
            0L,
            "Its number among `[[peers]]`, which stands in the keys clients cancel with, so that a cancel request that reaches"
                    + " another node is passed on. 0 when it is alone."),

    PEER_NUMBER(Section.PEERS, "number", new ValueKind.Whole(1, 1023), null, "Its `node.number`."),
    PEER_ADDRESS(
            Section.PEERS,
            "address",
            new ValueKind.Server(),
            null,
            "Where it listens itself, not where a load balancer does. A host with `/` in front is the folder of a unix socket."),

    RESTART_SOCKET(
            Section.RESTART,
            "socket",
            new ValueKind.Text(),
            null,
            "File of the socket over which `pando serve --takeover` asks a running Pando for its listening sockets. Only the same"
                    + " user is answered. Without it there is no takeover."),
    RESTART_CLIENT_TIMEOUT(
            Section.RESTART,
            "client_timeout",
            new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)),
            "5min",
            "How long a Pando that no longer listens serves the clients it has, after SIGTERM, `SHUTDOWN WAIT_FOR_CLIENTS` or a"
                    + " takeover. Then they are hung up on as soon as they are between transactions (57P01)."),
    RESTART_TRANSACTION_TIMEOUT(
            Section.RESTART,
            "transaction_timeout",
            new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)),
            "1min",
            "How long transactions that are open by then, or at SIGINT or `SHUTDOWN WAIT_FOR_SERVERS`, may take before they are"
                    + " broken off."),

    DATABASE_NAME(Section.DATABASE, "name", new ValueKind.Text(), "app"),

    CONTROL_USER(Section.CONTROL, "user", new ValueKind.Text(), "postgres"),
    CONTROL_PASSWORD(Section.CONTROL, "password", new ValueKind.Password(), null, "Its password."),
    CONTROL_PASSWORD_FILE(Section.CONTROL, "password_file", new ValueKind.Text(), null),
    CONTROL_PASSWORD_ENV(Section.CONTROL, "password_env", new ValueKind.Text(), null),

    SHARD_TLS_MODE(Section.SHARD_TLS, "mode", new ValueKind.Choice(SslMode.words()), "prefer"),
    SHARD_TLS_CA_FILE(Section.SHARD_TLS, "ca_file", new ValueKind.Text(), null),

    SHARD_TLS_CERT_FILE(
            Section.SHARD_TLS,
            "cert_file",
            new ValueKind.Text(),
            null,
            c -> ConfigPrinter.printed(c.serverTls().certificate())),
    SHARD_TLS_KEY_FILE(
            Section.SHARD_TLS,
            "key_file",
            new ValueKind.Text(),
            null,
            c -> ConfigPrinter.printed(c.serverTls().key())),
    SHARD_TLS_MIN_VERSION(
            Section.SHARD_TLS,
            "min_version",
            Kinds.VERSION,
            "TLSv1.2",
            c -> c.serverTls().suite().minimum()),
    SHARD_TLS_CIPHERS(
            Section.SHARD_TLS,
            "ciphers",
            new ValueKind.Text(),
            null,
            c -> c.serverTls().suite().ciphers()),

    POOL_SIZE(Section.POOL, "size", new ValueKind.Whole(1, 10_000), 25L),
    POOL_MODE(
            Section.POOL,
            "mode",
            new ValueKind.Choice(PoolMode.words()),
            "transaction",
            "When a client's server connection goes back to the pool: at the end of each `transaction`, with the session's settings"
                    + " followed to the next; when the client leaves (`session`), cleaned with DISCARD ALL; after each `statement`,"
                    + " with BEGIN refused (PD1030). `databases.pool_mode` and then `users.pool_mode` override it."),
    POOL_QUEUE_TIMEOUT(
            Section.POOL, "queue_timeout", new ValueKind.Time(Duration.ofMillis(1), Duration.ofDays(1)), "30s"),
    POOL_IDLE_TIMEOUT(Section.POOL, "idle_timeout", new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)), "10min"),
    POOL_CONNECT_TIMEOUT(
            Section.POOL, "connect_timeout", new ValueKind.Time(Duration.ofMillis(10), Duration.ofMinutes(10)), "5s"),

    POOL_MIN_SIZE(
            Section.POOL, "min_size", Kinds.COUNT, 0L, c -> c.pool().sizes().minimum()),
    POOL_RESERVE_SIZE(
            Section.POOL, "reserve_size", Kinds.COUNT, 0L, c -> c.pool().sizes().reserve()),
    POOL_RESERVE_TIMEOUT(
            Section.POOL,
            "reserve_timeout",
            Kinds.PERIOD,
            "5s",
            c -> c.pool().queue().reserveTimeout()),
    POOL_MAX_DATABASE_CONNECTIONS(
            Section.POOL,
            "max_database_connections",
            new ValueKind.Whole(0, 1_000_000),
            0L,
            c -> c.pool().sizes().maxOfDatabase()),
    POOL_MAX_USER_CONNECTIONS(
            Section.POOL,
            "max_user_connections",
            new ValueKind.Whole(0, 1_000_000),
            0L,
            c -> c.pool().sizes().maxOfUser()),
    POOL_QUEUE_NOTICE(
            Section.POOL,
            "queue_notice",
            Kinds.PERIOD,
            "5s",
            c -> c.pool().queue().notice()),
    POOL_LIFETIME(
            Section.POOL, "lifetime", Kinds.PERIOD, "1h", c -> c.pool().upkeep().lifetime()),
    POOL_CHECK_DELAY(
            Section.POOL,
            "check_delay",
            Kinds.PERIOD,
            "30s",
            c -> c.pool().upkeep().checkDelay()),
    POOL_LOGIN_RETRY(
            Section.POOL,
            "login_retry",
            new ValueKind.Time(Duration.ofMillis(50), Duration.ofMinutes(10)),
            "400ms",
            c -> c.pool().upkeep().loginRetry()),
    POOL_ROUND_ROBIN(
            Section.POOL,
            "round_robin",
            new ValueKind.Flag(),
            false,
            c -> c.pool().upkeep().roundRobin()),
    POOL_FAST_CLOSE(
            Section.POOL,
            "fast_close",
            new ValueKind.Flag(),
            false,
            c -> c.pool().upkeep().fastClose()),

    POOL_WILDCARD_IDLE_TIMEOUT(
            Section.POOL,
            "wildcard_idle_timeout",
            new ValueKind.Time(Duration.ofSeconds(1), Duration.ofDays(30)),
            "1h",
            "A database made on the fly for the entry `*` is forgotten, with its pools, when it has had no client for so long."),

    TIMEOUTS_CLIENT_IDLE(
            Section.TIMEOUTS,
            "client_idle",
            Kinds.PERIOD,
            "0s",
            c -> c.timeouts().clientIdle()),
    TIMEOUTS_IDLE_TRANSACTION(
            Section.TIMEOUTS,
            "idle_transaction",
            Kinds.PERIOD,
            "0s",
            c -> c.timeouts().idleTransaction()),
    TIMEOUTS_TRANSACTION(
            Section.TIMEOUTS,
            "transaction",
            Kinds.PERIOD,
            "0s",
            c -> c.timeouts().transaction()),
    TIMEOUTS_QUERY(
            Section.TIMEOUTS, "query", Kinds.PERIOD, "0s", c -> c.timeouts().query()),
    TIMEOUTS_CANCEL_WAIT(
            Section.TIMEOUTS,
            "cancel_wait",
            new ValueKind.Time(Duration.ofMillis(100), Duration.ofDays(1)),
            "10s",
            c -> c.timeouts().cancelWait()),

    LIMITS_MAX_MESSAGE_BYTES(Section.LIMITS, "max_message_bytes", new ValueKind.Size(1 << 16, (1 << 30) - 1), "64MB"),
    LIMITS_MAX_STATEMENT_BYTES(
            Section.LIMITS, "max_statement_bytes", new ValueKind.Size(1 << 10, (1 << 30) - 1), "16MB"),
    LIMITS_LOGIN_TIMEOUT(
            Section.LIMITS, "login_timeout", new ValueKind.Time(Duration.ofMillis(100), Duration.ofMinutes(10)), "10s"),
    LIMITS_MAX_PREPARED_STATEMENTS(
            Section.LIMITS, "max_prepared_statements", new ValueKind.Whole(1, 1_000_000), 10_000L),
    LIMITS_MERGE_MEMORY(Section.LIMITS, "merge_memory", new ValueKind.Size(1 << 16, 1L << 40), "64MB"),
    LIMITS_PLAN_CACHE_BYTES(Section.LIMITS, "plan_cache_bytes", new ValueKind.Size(1 << 20, 1L << 40), "64MB"),
    LIMITS_PARSER_QUEUE(Section.LIMITS, "parser_queue", new ValueKind.Whole(1, 1_000_000), 20_000L),

    LIMITS_MAX_WILDCARD_DATABASES(
            Section.LIMITS,
            "max_wildcard_databases",
            new ValueKind.Whole(1, 100_000),
            1_000L,
            "Databases made on the fly for the entry `*`. For one more the one that has been without clients longest is forgotten,"
                    + " or else the login is refused with PD2030."),

    USER_NAME(Section.USERS, "name", new ValueKind.Text(), null, "The role's name."),
    USER_PASSWORD(Section.USERS, "password", new ValueKind.Password(), null, "Its password."),
    USER_PASSWORD_FILE(Section.USERS, "password_file", new ValueKind.Text(), null),
    USER_PASSWORD_ENV(Section.USERS, "password_env", new ValueKind.Text(), null),
    USER_ADMIN(Section.USERS, "admin", new ValueKind.Flag(), false),
    USER_POOL_MODE(
            Section.USERS,
            "pool_mode",
            new ValueKind.Choice(PoolMode.words()),
            null,
            "The user's own pool mode, before that of the database and of `pool.mode`."),
    USER_POOL_SIZE(Section.USERS, Tunable.POOL_SIZE),
    USER_MIN_POOL_SIZE(Section.USERS, Tunable.MIN_POOL_SIZE),
    USER_RESERVE_POOL_SIZE(Section.USERS, Tunable.RESERVE_POOL_SIZE),
    USER_MAX_CONNECTIONS(Section.USERS, Tunable.MAX_CONNECTIONS),
    USER_MAX_CLIENTS(Section.USERS, Tunable.MAX_CLIENTS),
    USER_SERVER_LIFETIME(Section.USERS, Tunable.SERVER_LIFETIME),
    USER_QUEUE_TIMEOUT(Section.USERS, Tunable.QUEUE_TIMEOUT),
    USER_CLIENT_IDLE_TIMEOUT(Section.USERS, Tunable.CLIENT_IDLE_TIMEOUT),
    USER_IDLE_TRANSACTION_TIMEOUT(Section.USERS, Tunable.IDLE_TRANSACTION_TIMEOUT),
    USER_TRANSACTION_TIMEOUT(Section.USERS, Tunable.TRANSACTION_TIMEOUT),
    USER_QUERY_TIMEOUT(Section.USERS, Tunable.QUERY_TIMEOUT),

    DATABASES_NAME(
            Section.DATABASES,
            "name",
            new ValueKind.Text(),
            null,
            "What clients call it; `*` is made on the fly for every name that no other entry has."),
    DATABASES_SERVERS(
            Section.DATABASES,
            "servers",
            new ValueKind.Servers(),
            null,
            "Where it is. Several servers must hold the same."),
    DATABASES_LOAD_BALANCE(
            Section.DATABASES,
            "load_balance",
            new ValueKind.Choice(List.of("round-robin", "disable")),
            "round-robin",
            "Which of several servers a new connection goes to: each in turn, or the first. A server that cannot be reached is"
                    + " passed over at once for the next."),
    DATABASES_DBNAME(
            Section.DATABASES,
            "dbname",
            new ValueKind.Text(),
            null,
            "What the servers call it; left out, as clients do."),
    DATABASES_USER(
            Section.DATABASES,
            "user",
            new ValueKind.Text(),
            null,
            "The role Pando logs in with, for all clients; they share one pool. Left out, each client's own name and password."),
    DATABASES_PASSWORD(Section.DATABASES, "password", new ValueKind.Password(), null, "Its password."),
    DATABASES_PASSWORD_FILE(
            Section.DATABASES,
            "password_file",
            new ValueKind.Text(),
            null,
            "A file that holds the password; a relative path starts at the configuration file's folder."),
    DATABASES_PASSWORD_ENV(
            Section.DATABASES,
            "password_env",
            new ValueKind.Text(),
            null,
            "The environment variable that holds the password."),
    DATABASES_POOL_MODE(
            Section.DATABASES,
            "pool_mode",
            new ValueKind.Choice(PoolMode.words()),
            null,
            "The database's own pool mode, before `pool.mode`."),
    DATABASES_POOL_SIZE(Section.DATABASES, Tunable.POOL_SIZE),
    DATABASES_MIN_POOL_SIZE(Section.DATABASES, Tunable.MIN_POOL_SIZE),
    DATABASES_RESERVE_POOL_SIZE(Section.DATABASES, Tunable.RESERVE_POOL_SIZE),
    DATABASES_MAX_CONNECTIONS(Section.DATABASES, Tunable.MAX_CONNECTIONS),
    DATABASES_MAX_CLIENTS(Section.DATABASES, Tunable.MAX_CLIENTS),
    DATABASES_SERVER_LIFETIME(Section.DATABASES, Tunable.SERVER_LIFETIME),
    DATABASES_QUEUE_TIMEOUT(Section.DATABASES, Tunable.QUEUE_TIMEOUT),
    DATABASES_CLIENT_IDLE_TIMEOUT(Section.DATABASES, Tunable.CLIENT_IDLE_TIMEOUT),
    DATABASES_IDLE_TRANSACTION_TIMEOUT(Section.DATABASES, Tunable.IDLE_TRANSACTION_TIMEOUT),
    DATABASES_TRANSACTION_TIMEOUT(Section.DATABASES, Tunable.TRANSACTION_TIMEOUT),
    DATABASES_QUERY_TIMEOUT(Section.DATABASES, Tunable.QUERY_TIMEOUT),
    DATABASES_CONNECT_QUERY(
            Section.DATABASES,
            "connect_query",
            new ValueKind.Text(),
            null,
            "SQL run on every new server connection before anybody gets it, and again when a session's connection has been"
                    + " cleaned. If it fails that is logged and nothing else."),

    SHARD_NAME(Section.SHARDS, "name", new ValueKind.Text(), null),
    SHARD_PRIMARY(Section.SHARDS, "primary", new ValueKind.Server(), null, "The server that takes writes."),
    SHARD_REPLICAS(Section.SHARDS, "replicas", new ValueKind.Servers(), null, "Its standbys; none when left out."),

    TABLE_NAME(Section.TABLES, "name", new ValueKind.Relation(), null, "The table."),
    TABLE_KEY(Section.TABLES, "key", new ValueKind.Names(), null, "The sharding key's columns, in order."),
    TABLE_FUNCTION(Section.TABLES, "function", new ValueKind.Text(), "hash"),
    TABLE_SETTINGS(Section.TABLES, "settings", new ValueKind.Settings(), null),
    TABLE_COLOCATE_WITH(Section.TABLES, "colocate_with", new ValueKind.Relation(), null),
    TABLE_UNIQUE_PER_SHARD(Section.TABLES, "unique_per_shard", new ValueKind.Flag(), false),
    TABLE_REFERENCE(Section.TABLES, "reference", new ValueKind.Flag(), false, "Keep the same rows on every shard.");

    private final Section section;
    private final String title;
    private final ValueKind kind;
    private final @Nullable Object standard;
    private final String what;
    private final @Nullable Tunable tunable;
    private final Function<PandoConfig, @Nullable Object> reading;

    ConfigKey(Section section, String title, ValueKind kind, @Nullable Object standard, String what) {
        this.section = section;
        this.title = title;
        this.kind = kind;
        this.standard = standard;
        this.what = what;
        this.tunable = null;
        this.reading = config -> null;
    }

    /** What it means stands in {@link KeyTexts}; {@link ConfigPrinter} knows its value. */
    ConfigKey(Section section, String title, ValueKind kind, @Nullable Object standard) {
        this(section, title, kind, standard, KeyTexts.of(section, title));
    }

    /** What it means stands in {@link KeyTexts}, and {@code reading} finds its value. */
    ConfigKey(
            Section section,
            String title,
            ValueKind kind,
            @Nullable Object standard,
            Function<PandoConfig, @Nullable Object> reading) {
        this.section = section;
        this.title = title;
        this.kind = kind;
        this.standard = standard;
        this.what = KeyTexts.of(section, title);
        this.tunable = null;
        this.reading = reading;
    }

    /** Of one user or database. */
    ConfigKey(Section section, Tunable tunable) {
        this.section = section;
        this.title = tunable.title();
        this.kind = tunable.kind();
        this.standard = null;
        this.what = KeyTexts.of(section, title);
        this.tunable = tunable;
        this.reading = config -> null;
    }

    Section section() {
        return section;
    }

    /** As written in the file, without its section. */
    String title() {
        return title;
    }

    ValueKind kind() {
        return kind;
    }

    /** The default as a TOML value: text, whole number or flag; null when there is none. */
    @Nullable
    Object standard() {
        return standard;
    }

    String what() {
        return what;
    }

    /** What one user or database may have of its own; null for other keys. */
    @Nullable
    Tunable tunable() {
        return tunable;
    }

    /** The value; null where {@link ConfigPrinter} knows it, or there is none. */
    @Nullable
    Object read(PandoConfig config) {
        return reading.apply(config);
    }

    boolean required() {
        return this == USER_NAME
                || this == SHARD_NAME
                || this == SHARD_PRIMARY
                || this == TABLE_NAME
                || this == PEER_NUMBER
                || this == PEER_ADDRESS
                || this == DATABASES_NAME
                || this == DATABASES_SERVERS;
    }

    /**
     * Whether a reload changes it. What a running process cannot change is told apart here and keeps its value in {@link
     * PandoConfig#keepingFixed}; a test holds the two together.
     */
    boolean live() {
        return switch (this) {
            case LISTEN_UNIX_SOCKET_DIR, LISTEN_UNIX_SOCKET_MODE, LISTEN_UNIX_SOCKET_GROUP, LISTEN_REUSE_PORT -> false;
            case NODE_NUMBER, RESTART_SOCKET -> false;
            case LISTEN_HOST, LISTEN_PORT, HTTP_ENABLED, HTTP_HOST, HTTP_PORT, NODE_NAME, DATABASE_NAME -> false;
            case LIMITS_MAX_STATEMENT_BYTES, LIMITS_PLAN_CACHE_BYTES, LIMITS_PARSER_QUEUE, LISTEN_BACKLOG -> false;
            default -> section != Section.TABLES && this != SHARD_NAME;
        };
    }

    String fullName() {
        return section == Section.TOP ? title : section.title() + "." + title;
    }

    static List<ConfigKey> of(Section section) {
        List<ConfigKey> keys = new ArrayList<>();
        for (ConfigKey key : values()) {
            if (key.section == section) {
                keys.add(key);
            }
        }
        return keys;
    }
}

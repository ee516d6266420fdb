package dev.pando.core.config;

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

    LOG_FORMAT(Section.TOP, "log_format", new ValueKind.Choice(LogFormat.words()), "text", c -> c.logging().format().word()),
    LOG_CONNECTIONS(Section.TOP, "log_connections", new ValueKind.Flag(), false, c -> c.logging().connections()),
    LOG_DISCONNECTIONS(Section.TOP, "log_disconnections", new ValueKind.Flag(), false, c -> c.logging().disconnections()),
    LOG_POOLER_ERRORS(Section.TOP, "log_pooler_errors", new ValueKind.Flag(), true, c -> c.logging().errors()),
    LOG_STATS(Section.TOP, "log_stats", new ValueKind.Flag(), false, c -> c.logging().statistics()),
    STATS_PERIOD(Section.TOP, "stats_period", new ValueKind.Time(Duration.ofSeconds(1), Duration.ofDays(1)), "1min", c -> c.logging().statisticsPeriod()),

    LISTEN_HOST(
            Section.LISTEN,
            "host",
            new ValueKind.Text(),
            "127.0.0.1",
            "Address to listen on. `0.0.0.0` or `::` opens it to the network."),
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

    LISTEN_BACKLOG(Section.LISTEN, "backlog", new ValueKind.Whole(1, 65535), 4096L, c -> c.network().backlog()),
    LISTEN_MAX_DATABASE_CLIENTS(Section.LISTEN, "max_database_clients", new ValueKind.Whole(0, 1_000_000), 0L, c -> c.clients().maxOfDatabase()),
    LISTEN_MAX_USER_CLIENTS(Section.LISTEN, "max_user_clients", new ValueKind.Whole(0, 1_000_000), 0L, c -> c.clients().maxOfUser()),
    LISTEN_ADD_HOST(Section.LISTEN, "application_name_add_host", new ValueKind.Flag(), false, c -> c.clients().applicationNameAddHost()),
    LISTEN_SCRAM_ITERATIONS(Section.LISTEN, "scram_iterations", new ValueKind.Whole(1, 10_000_000), 4096L, c -> c.clients().scramIterations()),

    NETWORK_KEEPALIVE(Section.NETWORK, "keepalive", new ValueKind.Flag(), true, c -> c.network().keepalive()),
    NETWORK_KEEPALIVE_IDLE(Section.NETWORK, "keepalive_idle", ValueKind.SECONDS, "0s", c -> c.network().keepaliveIdle()),
    NETWORK_KEEPALIVE_INTERVAL(Section.NETWORK, "keepalive_interval", ValueKind.SECONDS, "0s", c -> c.network().keepaliveInterval()),
    NETWORK_KEEPALIVE_COUNT(Section.NETWORK, "keepalive_count", new ValueKind.Whole(0, 127), 0L, c -> c.network().keepaliveCount()),
    NETWORK_USER_TIMEOUT(Section.NETWORK, "user_timeout", ValueKind.SECONDS, "0s", c -> c.network().userTimeout()),

    TLS_MODE(
            Section.TLS,
            "mode",
            new ValueKind.Choice(ClientTlsMode.words()),
            "off",
            "`allow` lets the client choose, `require` refuses logins without TLS (PD1011), `verify` also demands a certificate"
                    + " signed by `client_ca_file`."),
    TLS_CERT_FILE(
            Section.TLS,
            "cert_file",
            new ValueKind.Text(),
            null,
            "Pando's certificate, followed by those that lead to the root."),
    TLS_KEY_FILE(
            Section.TLS,
            "key_file",
            new ValueKind.Text(),
            null,
            "Its private key: PKCS #8 without a password (`BEGIN PRIVATE KEY`)."),
    TLS_CLIENT_CA_FILE(
            Section.TLS,
            "client_ca_file",
            new ValueKind.Text(),
            null,
            "Who signs the certificates of clients. Needed by `verify`."),

    TLS_MIN_VERSION(Section.TLS, "min_version", ValueKind.VERSION, "TLSv1.2", c -> c.clientTls().suite().minimum()),
    TLS_CIPHERS(Section.TLS, "ciphers", new ValueKind.Text(), null, c -> c.clientTls().suite().ciphers()),

    HTTP_ENABLED(Section.HTTP, "enabled", new ValueKind.Flag(), true, "Whether to serve HTTP at all."),
    HTTP_HOST(
            Section.HTTP,
            "host",
            new ValueKind.Text(),
            "127.0.0.1",
            "Address to listen on. The API has no login: keep it on the loopback address, or put a proxy with one in front."),
    HTTP_PORT(Section.HTTP, "port", new ValueKind.Whole(0, 65535), 8432L, "Port to listen on; 0 takes a free one."),

    NODE_NAME(
            Section.NODE,
            "name",
            new ValueKind.Text(),
            null,
            "What this Pando is called: different from others before the same shards, and the same after a restart. Left out, it"
                    + " is the machine's name with `listen.host` and `listen.port`."),

    DATABASE_NAME(
            Section.DATABASE,
            "name",
            new ValueKind.Text(),
            "app",
            "Its name, the same on every shard. `pando` is taken by the admin database."),

    CONTROL_USER(
            Section.CONTROL,
            "user",
            new ValueKind.Text(),
            "postgres",
            "A superuser on every shard; used for the catalog, statistics and Pando's own schema."),
    CONTROL_PASSWORD(Section.CONTROL, "password", new ValueKind.Password(), null, "Its password."),
    CONTROL_PASSWORD_FILE(
            Section.CONTROL,
            "password_file",
            new ValueKind.Text(),
            null,
            "A file that holds the password; a relative path starts at the configuration file's folder."),
    CONTROL_PASSWORD_ENV(
            Section.CONTROL,
            "password_env",
            new ValueKind.Text(),
            null,
            "The environment variable that holds the password."),

    SHARD_TLS_MODE(
            Section.SHARD_TLS,
            "mode",
            new ValueKind.Choice(SslMode.words()),
            "prefer",
            "As libpq's `sslmode`: `prefer` takes TLS when the server has it (a handshake that fails is an error, there is no"
                    + " second attempt without), `verify-ca` and `verify-full` also check its"
                    + " certificate, and `verify-full` its name."),
    SHARD_TLS_CA_FILE(
            Section.SHARD_TLS,
            "ca_file",
            new ValueKind.Text(),
            null,
            "PEM file of those who sign the servers' certificates. Needed by `verify-ca` and `verify-full`."),

    SHARD_TLS_CERT_FILE(Section.SHARD_TLS, "cert_file", new ValueKind.Text(), null, c -> ConfigPrinter.printed(c.serverTls().certificate())),
    SHARD_TLS_KEY_FILE(Section.SHARD_TLS, "key_file", new ValueKind.Text(), null, c -> ConfigPrinter.printed(c.serverTls().key())),
    SHARD_TLS_MIN_VERSION(Section.SHARD_TLS, "min_version", ValueKind.VERSION, "TLSv1.2", c -> c.serverTls().suite().minimum()),
    SHARD_TLS_CIPHERS(Section.SHARD_TLS, "ciphers", new ValueKind.Text(), null, c -> c.serverTls().suite().ciphers()),

    POOL_SIZE(
            Section.POOL,
            "size",
            new ValueKind.Whole(1, 10_000),
            25L,
            "Server connections per shard and user at most. Pando's own few come on top; keep the sum under `max_connections`."),
    POOL_QUEUE_TIMEOUT(
            Section.POOL,
            "queue_timeout",
            new ValueKind.Time(Duration.ofMillis(1), Duration.ofDays(1)),
            "30s",
            "How long a statement waits for a server connection before PD2002."),
    POOL_IDLE_TIMEOUT(
            Section.POOL,
            "idle_timeout",
            new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)),
            "10min",
            "A server connection unused for so long is closed; 0s keeps it."),
    POOL_CONNECT_TIMEOUT(
            Section.POOL,
            "connect_timeout",
            new ValueKind.Time(Duration.ofMillis(10), Duration.ofMinutes(10)),
            "5s",
            "How long connecting to a shard may take, and then logging in, before PD5001."),

    POOL_MIN_SIZE(Section.POOL, "min_size", ValueKind.COUNT, 0L, c -> c.pool().sizes().minimum()),
    POOL_RESERVE_SIZE(Section.POOL, "reserve_size", ValueKind.COUNT, 0L, c -> c.pool().sizes().reserve()),
    POOL_RESERVE_TIMEOUT(Section.POOL, "reserve_timeout", ValueKind.PERIOD, "5s", c -> c.pool().queue().reserveTimeout()),
    POOL_MAX_DATABASE_CONNECTIONS(Section.POOL, "max_database_connections", new ValueKind.Whole(0, 1_000_000), 0L, c -> c.pool().sizes().maxOfDatabase()),
    POOL_MAX_USER_CONNECTIONS(Section.POOL, "max_user_connections", new ValueKind.Whole(0, 1_000_000), 0L, c -> c.pool().sizes().maxOfUser()),
    POOL_QUEUE_NOTICE(Section.POOL, "queue_notice", ValueKind.PERIOD, "5s", c -> c.pool().queue().notice()),
    POOL_LIFETIME(Section.POOL, "lifetime", ValueKind.PERIOD, "1h", c -> c.pool().upkeep().lifetime()),
    POOL_CHECK_DELAY(Section.POOL, "check_delay", ValueKind.PERIOD, "30s", c -> c.pool().upkeep().checkDelay()),
    POOL_LOGIN_RETRY(Section.POOL, "login_retry", new ValueKind.Time(Duration.ofMillis(50), Duration.ofMinutes(10)), "400ms", c -> c.pool().upkeep().loginRetry()),
    POOL_ROUND_ROBIN(Section.POOL, "round_robin", new ValueKind.Flag(), false, c -> c.pool().upkeep().roundRobin()),
    POOL_FAST_CLOSE(Section.POOL, "fast_close", new ValueKind.Flag(), false, c -> c.pool().upkeep().fastClose()),

    TIMEOUTS_CLIENT_IDLE(Section.TIMEOUTS, "client_idle", ValueKind.PERIOD, "0s", c -> c.timeouts().clientIdle()),
    TIMEOUTS_IDLE_TRANSACTION(Section.TIMEOUTS, "idle_transaction", ValueKind.PERIOD, "0s", c -> c.timeouts().idleTransaction()),
    TIMEOUTS_TRANSACTION(Section.TIMEOUTS, "transaction", ValueKind.PERIOD, "0s", c -> c.timeouts().transaction()),
    TIMEOUTS_QUERY(Section.TIMEOUTS, "query", ValueKind.PERIOD, "0s", c -> c.timeouts().query()),
    TIMEOUTS_CANCEL_WAIT(Section.TIMEOUTS, "cancel_wait", new ValueKind.Time(Duration.ofMillis(100), Duration.ofDays(1)), "10s", c -> c.timeouts().cancelWait()),

    LIMITS_MAX_MESSAGE_BYTES(
            Section.LIMITS,
            "max_message_bytes",
            new ValueKind.Size(1 << 16, (1 << 30) - 1),
            "64MB",
            "The longest protocol message accepted from a client. PostgreSQL allows 1 GB, but Pando holds the message that names"
                    + " a statement or its parameters as a whole, so this bounds what one client can make it hold. Raise it for"
                    + " larger values."),
    LIMITS_MAX_STATEMENT_BYTES(
            Section.LIMITS,
            "max_statement_bytes",
            new ValueKind.Size(1 << 10, (1 << 30) - 1),
            "16MB",
            "The longest SQL text that is parsed. Parsing takes some 50 times its length in memory."),
    LIMITS_LOGIN_TIMEOUT(
            Section.LIMITS,
            "login_timeout",
            new ValueKind.Time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "10s",
            "A client that has not proven its password by then is disconnected with PD1006."),
    LIMITS_MAX_PREPARED_STATEMENTS(
            Section.LIMITS,
            "max_prepared_statements",
            new ValueKind.Whole(1, 1_000_000),
            1_000L,
            "Prepared statements and portals one session may hold; one more is PD2003."),
    LIMITS_MERGE_MEMORY(
            Section.LIMITS,
            "merge_memory",
            new ValueKind.Size(1 << 16, 1L << 40),
            "64MB",
            "Memory one session may use to merge rows of several shards, open portals included; more is PD2004. Also the longest"
                    + " message of a server that is not passed on in parts (at least 256 kB); a longer one is PD2010."),
    LIMITS_PLAN_CACHE_BYTES(
            Section.LIMITS,
            "plan_cache_bytes",
            new ValueKind.Size(1 << 20, 1L << 40),
            "64MB",
            "Memory for the plans of statement shapes seen before."),
    LIMITS_PARSER_QUEUE(
            Section.LIMITS,
            "parser_queue",
            new ValueKind.Whole(1, 1_000_000),
            20_000L,
            "Statements of new shapes that may wait for the parser; one more is PD2005."),

    USER_NAME(Section.USERS, "name", new ValueKind.Text(), null, "The role's name."),
    USER_PASSWORD(Section.USERS, "password", new ValueKind.Password(), null, "Its password."),
    USER_PASSWORD_FILE(
            Section.USERS,
            "password_file",
            new ValueKind.Text(),
            null,
            "A file that holds the password; a relative path starts at the configuration file's folder."),
    USER_PASSWORD_ENV(
            Section.USERS,
            "password_env",
            new ValueKind.Text(),
            null,
            "The environment variable that holds the password."),
    USER_ADMIN(
            Section.USERS,
            "admin",
            new ValueKind.Flag(),
            false,
            "Whether the user may PAUSE, KILL and the like in the admin database; all may SHOW. The user `pando up` makes may."),

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

    SHARD_NAME(
            Section.SHARDS,
            "name",
            new ValueKind.Text(),
            null,
            "A name for messages and statistics, such as `shard-0`."),
    SHARD_PRIMARY(Section.SHARDS, "primary", new ValueKind.Server(), null, "The server that takes writes."),
    SHARD_REPLICAS(Section.SHARDS, "replicas", new ValueKind.Servers(), null, "Its standbys; none when left out."),

    TABLE_NAME(Section.TABLES, "name", new ValueKind.Relation(), null, "The table."),
    TABLE_KEY(Section.TABLES, "key", new ValueKind.Names(), null, "The sharding key's columns, in order."),
    TABLE_FUNCTION(
            Section.TABLES,
            "function",
            new ValueKind.Text(),
            "hash",
            "The sharding function; docs/sharding.md lists them. Not with `colocate_with`."),
    TABLE_SETTINGS(
            Section.TABLES,
            "settings",
            new ValueKind.Settings(),
            null,
            "Settings of the function, for example `{ buckets = 1024 }`. Not with `colocate_with`."),
    TABLE_COLOCATE_WITH(
            Section.TABLES,
            "colocate_with",
            new ValueKind.Relation(),
            null,
            "Place rows as this table does: equal keys live on the same shard."),
    TABLE_UNIQUE_PER_SHARD(
            Section.TABLES,
            "unique_per_shard",
            new ValueKind.Flag(),
            false,
            "Accept unique constraints that do not contain the key, because the values are unique by construction."),
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
        return this == USER_NAME || this == SHARD_NAME || this == SHARD_PRIMARY || this == TABLE_NAME;
    }

    /**
     * Whether a reload changes it. What a running process cannot change is told apart here and keeps its value in {@link
     * PandoConfig#keepingFixed}; a test holds the two together.
     */
    boolean live() {
        return switch (this) {
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

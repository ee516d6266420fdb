package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration file. The loader, the printer, {@code docs/config.md} and {@code docs/pando.schema.json} are all made from
 * this list; a key is added here and nowhere else first. What each means is told where the manual is made, in {@code config-keys.properties}.
 */
@SuppressWarnings("ImmutableEnumChecker") // kinds are records of values, defaults are text, numbers or flags
enum ConfigKey {
    LOG_LEVEL(
            Section.TOP, "log_level", new ValueKind.Choice(List.of("error", "warn", "info", "debug", "trace")), "info"),

    LOG_FORMAT(Section.TOP, "log_format", new ValueKind.Choice(LogFormat.words()), "text"),
    LOG_CONNECTIONS(Section.TOP, "log_connections", new ValueKind.Flag(), false),
    LOG_DISCONNECTIONS(Section.TOP, "log_disconnections", new ValueKind.Flag(), false),
    LOG_POOLER_ERRORS(Section.TOP, "log_pooler_errors", new ValueKind.Flag(), true),
    LOG_STATS(Section.TOP, "log_stats", new ValueKind.Flag(), false),
    LOG_MIN_DURATION_STATEMENT(Section.TOP, "log_min_duration_statement", Kinds.PERIOD, null),
    STATS_PERIOD(Section.TOP, "stats_period", new ValueKind.Time(Duration.ofSeconds(1), Duration.ofDays(1)), "1min"),

    LISTEN_HOST(Section.LISTEN, "host", new ValueKind.Text(), "127.0.0.1"),
    LISTEN_PORT(Section.LISTEN, "port", new ValueKind.Whole(0, 65535), 6432L),
    LISTEN_MAX_CLIENTS(Section.LISTEN, "max_clients", new ValueKind.Whole(1, 1_000_000), 20_000L),
    LISTEN_MAX_LOGINS(Section.LISTEN, "max_logins", new ValueKind.Whole(1, 1_000_000), 2_000L),
    LISTEN_UNIX_SOCKET_DIR(Section.LISTEN, "unix_socket_dir", new ValueKind.Text(), null),
    LISTEN_UNIX_SOCKET_MODE(Section.LISTEN, "unix_socket_mode", new ValueKind.Text(), "0777"),
    LISTEN_UNIX_SOCKET_GROUP(Section.LISTEN, "unix_socket_group", new ValueKind.Text(), null),
    LISTEN_REUSE_PORT(Section.LISTEN, "reuse_port", new ValueKind.Flag(), false),

    LISTEN_BACKLOG(Section.LISTEN, "backlog", new ValueKind.Whole(1, 65535), 4096L),
    LISTEN_MAX_DATABASE_CLIENTS(Section.LISTEN, "max_database_clients", new ValueKind.Whole(0, 1_000_000), 0L),
    LISTEN_MAX_USER_CLIENTS(Section.LISTEN, "max_user_clients", new ValueKind.Whole(0, 1_000_000), 0L),
    LISTEN_ADD_HOST(Section.LISTEN, "application_name_add_host", new ValueKind.Flag(), false),
    LISTEN_SCRAM_ITERATIONS(Section.LISTEN, "scram_iterations", new ValueKind.Whole(1, 10_000_000), 4096L),

    NETWORK_KEEPALIVE(Section.NETWORK, "keepalive", new ValueKind.Flag(), true),
    NETWORK_KEEPALIVE_IDLE(Section.NETWORK, "keepalive_idle", Kinds.SECONDS, "0s"),
    NETWORK_KEEPALIVE_INTERVAL(Section.NETWORK, "keepalive_interval", Kinds.SECONDS, "0s"),
    NETWORK_KEEPALIVE_COUNT(Section.NETWORK, "keepalive_count", new ValueKind.Whole(0, 127), 0L),
    NETWORK_USER_TIMEOUT(Section.NETWORK, "user_timeout", Kinds.SECONDS, "0s"),

    TLS_MODE(Section.TLS, "mode", new ValueKind.Choice(ClientTlsMode.words()), "off"),
    TLS_CERT_FILE(Section.TLS, "cert_file", new ValueKind.Text(), null),
    TLS_KEY_FILE(Section.TLS, "key_file", new ValueKind.Text(), null),
    TLS_CLIENT_CA_FILE(Section.TLS, "client_ca_file", new ValueKind.Text(), null),

    TLS_MIN_VERSION(Section.TLS, "min_version", Kinds.VERSION, "TLSv1.2"),
    TLS_CIPHERS(Section.TLS, "ciphers", new ValueKind.Text(), null),

    AUTH_HBA_FILE(Section.AUTH, "hba_file", new ValueKind.Text(), null),
    AUTH_IDENT_FILE(Section.AUTH, "ident_file", new ValueKind.Text(), null),
    AUTH_FILE(Section.AUTH, "file", new ValueKind.Text(), null),
    AUTH_QUERY(
            Section.AUTH,
            "query",
            new ValueKind.Text(),
            "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_catalog.pg_authid"
                    + " WHERE rolname = $1 AND rolcanlogin"),
    AUTH_USER(Section.AUTH, "user", new ValueKind.Text(), null),
    AUTH_PASSWORD(Section.AUTH, "password", new ValueKind.Password(), null),
    AUTH_PASSWORD_FILE(Section.AUTH, "password_file", new ValueKind.Text(), null),
    AUTH_PASSWORD_ENV(Section.AUTH, "password_env", new ValueKind.Text(), null),
    AUTH_DATABASE(Section.AUTH, "database", new ValueKind.Text(), null),
    AUTH_CACHE(Section.AUTH, "cache", new ValueKind.Time(Duration.ZERO, Duration.ofDays(1)), "10s"),
    AUTH_FAILURE_DELAY(Section.AUTH, "failure_delay", new ValueKind.Time(Duration.ZERO, Duration.ofMinutes(1)), "5s"),

    HTTP_ENABLED(Section.HTTP, "enabled", new ValueKind.Flag(), true),
    HTTP_HOST(Section.HTTP, "host", new ValueKind.Text(), "127.0.0.1"),
    HTTP_PORT(Section.HTTP, "port", new ValueKind.Whole(0, 65535), 8432L),
    HTTP_PLANS(Section.HTTP, "plans", new ValueKind.Flag(), false),

    NODE_NAME(Section.NODE, "name", new ValueKind.Text(), null),
    NODE_NUMBER(Section.NODE, "number", new ValueKind.Whole(0, 1023), 0L),

    PEER_NUMBER(Section.PEERS, "number", new ValueKind.Whole(1, 1023), null),
    PEER_ADDRESS(Section.PEERS, "address", new ValueKind.Server(), null),

    RESTART_SOCKET(Section.RESTART, "socket", new ValueKind.Text(), null),
    RESTART_CLIENT_TIMEOUT(
            Section.RESTART, "client_timeout", new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)), "5min"),
    RESTART_TRANSACTION_TIMEOUT(
            Section.RESTART, "transaction_timeout", new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)), "1min"),
    RESTART_FALLBACK_TIME(
            Section.RESTART, "fallback_time", new ValueKind.Time(Duration.ZERO, Duration.ofDays(1)), "10s"),

    DATABASE_NAME(Section.DATABASE, "name", new ValueKind.Text(), "app"),

    CONTROL_USER(Section.CONTROL, "user", new ValueKind.Text(), "postgres"),
    CONTROL_PASSWORD(Section.CONTROL, "password", new ValueKind.Password(), null),
    CONTROL_PASSWORD_FILE(Section.CONTROL, "password_file", new ValueKind.Text(), null),
    CONTROL_PASSWORD_ENV(Section.CONTROL, "password_env", new ValueKind.Text(), null),

    SHARD_TLS_MODE(Section.SHARD_TLS, "mode", new ValueKind.Choice(SslMode.words()), "prefer"),
    SHARD_TLS_CA_FILE(Section.SHARD_TLS, "ca_file", new ValueKind.Text(), null),

    SHARD_TLS_CERT_FILE(Section.SHARD_TLS, "cert_file", new ValueKind.Text(), null),
    SHARD_TLS_KEY_FILE(Section.SHARD_TLS, "key_file", new ValueKind.Text(), null),
    SHARD_TLS_MIN_VERSION(Section.SHARD_TLS, "min_version", Kinds.VERSION, "TLSv1.2"),
    SHARD_TLS_CIPHERS(Section.SHARD_TLS, "ciphers", new ValueKind.Text(), null),

    POOL_SIZE(Section.POOL, "size", new ValueKind.Whole(1, 10_000), 25L),
    POOL_MODE(Section.POOL, "mode", new ValueKind.Choice(PoolMode.words()), "transaction"),
    POOL_QUEUE_TIMEOUT(
            Section.POOL, "queue_timeout", new ValueKind.Time(Duration.ofMillis(1), Duration.ofDays(1)), "30s"),
    POOL_IDLE_TIMEOUT(Section.POOL, "idle_timeout", new ValueKind.Time(Duration.ZERO, Duration.ofDays(30)), "10min"),
    POOL_CONNECT_TIMEOUT(
            Section.POOL, "connect_timeout", new ValueKind.Time(Duration.ofMillis(10), Duration.ofMinutes(10)), "5s"),

    POOL_MIN_SIZE(Section.POOL, "min_size", Kinds.COUNT, 0L),
    POOL_RESERVE_SIZE(Section.POOL, "reserve_size", Kinds.COUNT, 0L),
    POOL_RESERVE_TIMEOUT(Section.POOL, "reserve_timeout", Kinds.PERIOD, "5s"),
    POOL_MAX_DATABASE_CONNECTIONS(Section.POOL, "max_database_connections", new ValueKind.Whole(0, 1_000_000), 0L),
    POOL_MAX_USER_CONNECTIONS(Section.POOL, "max_user_connections", new ValueKind.Whole(0, 1_000_000), 0L),
    POOL_QUEUE_NOTICE(Section.POOL, "queue_notice", Kinds.PERIOD, "5s"),
    POOL_LIFETIME(Section.POOL, "lifetime", Kinds.PERIOD, "1h"),
    POOL_CHECK_DELAY(Section.POOL, "check_delay", Kinds.PERIOD, "30s"),
    POOL_LOGIN_RETRY(
            Section.POOL, "login_retry", new ValueKind.Time(Duration.ofMillis(50), Duration.ofMinutes(10)), "400ms"),
    POOL_ROUND_ROBIN(Section.POOL, "round_robin", new ValueKind.Flag(), false),
    POOL_FAST_CLOSE(Section.POOL, "fast_close", new ValueKind.Flag(), false),

    POOL_WILDCARD_IDLE_TIMEOUT(
            Section.POOL,
            "wildcard_idle_timeout",
            new ValueKind.Time(Duration.ofSeconds(1), Duration.ofDays(30)),
            "1h"),

    TIMEOUTS_CLIENT_IDLE(Section.TIMEOUTS, "client_idle", Kinds.PERIOD, "0s"),
    TIMEOUTS_IDLE_TRANSACTION(Section.TIMEOUTS, "idle_transaction", Kinds.PERIOD, "0s"),
    TIMEOUTS_TRANSACTION(Section.TIMEOUTS, "transaction", Kinds.PERIOD, "0s"),
    TIMEOUTS_QUERY(Section.TIMEOUTS, "query", Kinds.PERIOD, "0s"),
    TIMEOUTS_CANCEL_WAIT(
            Section.TIMEOUTS, "cancel_wait", new ValueKind.Time(Duration.ofMillis(100), Duration.ofDays(1)), "10s"),

    STATEMENTS_TRACK(Section.STATEMENTS, "track", new ValueKind.Flag(), true),
    STATEMENTS_MAX(Section.STATEMENTS, "max", new ValueKind.Whole(10, 100_000), 2_000L),
    STATEMENTS_REPEATS(Section.STATEMENTS, "repeats", new ValueKind.Whole(0, 1_000_000), 10L),
    STATEMENTS_REPEAT_PAUSE(
            Section.STATEMENTS, "repeat_pause", new ValueKind.Time(Duration.ZERO, Duration.ofHours(1)), "100ms"),
    STATEMENTS_REPEAT_LOG_INTERVAL(Section.STATEMENTS, "repeat_log_interval", Kinds.PERIOD, "10min"),

    TRACING_ENDPOINT(Section.TRACING, "endpoint", new ValueKind.Text(), null),
    TRACING_QUEUE(Section.TRACING, "queue", new ValueKind.Whole(1, 1_000_000), 4_096L),

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

    LIMITS_MAX_WILDCARD_DATABASES(Section.LIMITS, "max_wildcard_databases", new ValueKind.Whole(1, 100_000), 1_000L),

    USER_NAME(Section.USERS, "name", new ValueKind.Text(), null),
    USER_PASSWORD(Section.USERS, "password", new ValueKind.Password(), null),
    USER_PASSWORD_FILE(Section.USERS, "password_file", new ValueKind.Text(), null),
    USER_PASSWORD_ENV(Section.USERS, "password_env", new ValueKind.Text(), null),
    USER_ADMIN(Section.USERS, "admin", new ValueKind.Flag(), false),
    USER_POOL_MODE(Section.USERS, "pool_mode", new ValueKind.Choice(PoolMode.words()), null),
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

    DATABASES_NAME(Section.DATABASES, "name", new ValueKind.Text(), null),
    DATABASES_SERVERS(Section.DATABASES, "servers", new ValueKind.Servers(), null),
    DATABASES_LOAD_BALANCE(
            Section.DATABASES, "load_balance", new ValueKind.Choice(List.of("round-robin", "disable")), "round-robin"),
    DATABASES_DBNAME(Section.DATABASES, "dbname", new ValueKind.Text(), null),
    DATABASES_USER(Section.DATABASES, "user", new ValueKind.Text(), null),
    DATABASES_PASSWORD(Section.DATABASES, "password", new ValueKind.Password(), null),
    DATABASES_PASSWORD_FILE(Section.DATABASES, "password_file", new ValueKind.Text(), null),
    DATABASES_PASSWORD_ENV(Section.DATABASES, "password_env", new ValueKind.Text(), null),
    DATABASES_POOL_MODE(Section.DATABASES, "pool_mode", new ValueKind.Choice(PoolMode.words()), null),
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
    DATABASES_CONNECT_QUERY(Section.DATABASES, "connect_query", new ValueKind.Text(), null),

    SHARD_NAME(Section.SHARDS, "name", new ValueKind.Text(), null),
    SHARD_PRIMARY(Section.SHARDS, "primary", new ValueKind.Server(), null),
    SHARD_REPLICAS(Section.SHARDS, "replicas", new ValueKind.Servers(), null),

    TABLE_NAME(Section.TABLES, "name", new ValueKind.Relation(), null),
    TABLE_KEY(Section.TABLES, "key", new ValueKind.Names(), null),
    TABLE_FUNCTION(Section.TABLES, "function", new ValueKind.Text(), "hash"),
    TABLE_SETTINGS(Section.TABLES, "settings", new ValueKind.Settings(), null),
    TABLE_COLOCATE_WITH(Section.TABLES, "colocate_with", new ValueKind.Relation(), null),
    TABLE_UNIQUE_PER_SHARD(Section.TABLES, "unique_per_shard", new ValueKind.Flag(), false),
    TABLE_REFERENCE(Section.TABLES, "reference", new ValueKind.Flag(), false);

    private final Section section;
    private final String title;
    private final ValueKind kind;
    private final @Nullable Object standard;
    private final @Nullable Tunable tunable;

    ConfigKey(Section section, String title, ValueKind kind, @Nullable Object standard) {
        this.section = section;
        this.title = title;
        this.kind = kind;
        this.standard = standard;
        this.tunable = null;
    }

    /** Of one user or database. */
    ConfigKey(Section section, Tunable tunable) {
        this.section = section;
        this.title = tunable.title();
        this.kind = tunable.kind();
        this.standard = null;
        this.tunable = tunable;
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

    /** What one user or database may have of its own; null for other keys. */
    @Nullable
    Tunable tunable() {
        return tunable;
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

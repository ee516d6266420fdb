package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    POOL_SIZE(
            Section.POOL,
            "size",
            new ValueKind.Whole(1, 10_000),
            25L,
            "Server connections per shard and user at most. Pando's own few come on top; keep the sum under `max_connections`."),
    POOL_MODE(
            Section.POOL,
            "mode",
            new ValueKind.Choice(PoolMode.words()),
            "transaction",
            "When a client's server connection goes back to the pool: at the end of each `transaction`, with the session's settings"
                    + " followed to the next; when the client leaves (`session`), cleaned with DISCARD ALL; after each `statement`,"
                    + " with BEGIN refused (PD1030). `databases.pool_mode` and then `users.pool_mode` override it."),
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

    POOL_WILDCARD_IDLE_TIMEOUT(
            Section.POOL,
            "wildcard_idle_timeout",
            new ValueKind.Time(Duration.ofSeconds(1), Duration.ofDays(30)),
            "1h",
            "A database made on the fly for the entry `*` is forgotten, with its pools, when it has had no client for so long."),

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
            10_000L,
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

    LIMITS_MAX_WILDCARD_DATABASES(
            Section.LIMITS,
            "max_wildcard_databases",
            new ValueKind.Whole(1, 100_000),
            1_000L,
            "Databases made on the fly for the entry `*`. For one more the one that has been without clients longest is forgotten,"
                    + " or else the login is refused with PD2030."),

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
    USER_POOL_MODE(
            Section.USERS,
            "pool_mode",
            new ValueKind.Choice(PoolMode.words()),
            null,
            "The user's own pool mode, before that of the database and of `pool.mode`."),

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
    DATABASES_POOL_SIZE(
            Section.DATABASES,
            "pool_size",
            new ValueKind.Whole(1, 10_000),
            null,
            "Server connections per user at most, before `pool.size`."),
    DATABASES_CONNECT_QUERY(
            Section.DATABASES,
            "connect_query",
            new ValueKind.Text(),
            null,
            "SQL run on every new server connection before anybody gets it, and again when a session's connection has been"
                    + " cleaned. If it fails that is logged and nothing else."),

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

    ConfigKey(Section section, String title, ValueKind kind, @Nullable Object standard, String what) {
        this.section = section;
        this.title = title;
        this.kind = kind;
        this.standard = standard;
        this.what = what;
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
            case LIMITS_MAX_STATEMENT_BYTES, LIMITS_PLAN_CACHE_BYTES, LIMITS_PARSER_QUEUE -> false;
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

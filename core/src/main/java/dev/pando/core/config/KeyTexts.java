package dev.pando.core.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What keys mean, for the manual and the schema: of those whose constants in {@link ConfigKey} do not say it themselves. */
final class KeyTexts {
    private static final String PER_SHARD =
            " Counted per shard, over all event loops: it protects a server, and between shards two transactions could wait for each other.";

    private static final Map<String, String> GENERAL = Map.ofEntries(
            Map.entry("log_format", "`json` writes one object per line; docs/logs.md names its fields."),
            Map.entry("log_connections", "Whether logins, and connections to servers, are logged."),
            Map.entry(
                    "log_disconnections",
                    "Whether it is logged when a client leaves: why, after how long, and what it did."),
            Map.entry(
                    "log_pooler_errors",
                    "Whether errors that Pando itself tells clients are logged, without what they sent."),
            Map.entry("log_stats", "Whether a line of statistics is logged each `stats_period`."),
            Map.entry("stats_period", "The period of that, and of averages in the admin database."),
            Map.entry("listen.backlog", "Connections that wait to be accepted; the system may allow fewer."),
            Map.entry(
                    "listen.max_database_clients",
                    "Clients of one database at most; 0 for any number. One more is refused with PD2020."),
            Map.entry(
                    "listen.max_user_clients",
                    "Clients of one user at most; 0 for any number. One more is refused with PD2020."),
            Map.entry(
                    "listen.application_name_add_host",
                    "Whether ` - host:port` of the client is put behind its `application_name` at login."),
            Map.entry(
                    "listen.scram_iterations",
                    "How often passwords are hashed. More makes a login dearer for the client and a stolen verifier safer."),
            Map.entry("network.keepalive", "Whether the system asks silent peers whether they are still there."),
            Map.entry("network.keepalive_idle", "After how long a silence it asks first."),
            Map.entry("network.keepalive_interval", "How long it waits between questions."),
            Map.entry("network.keepalive_count", "After how many unanswered ones the peer is gone."),
            Map.entry(
                    "network.user_timeout",
                    "How long data that was sent may stay unacknowledged before the peer is gone."));

    private static final Map<String, String> TLS = Map.ofEntries(
            Map.entry("tls.min_version", "The lowest version of TLS that clients may use."),
            Map.entry(
                    "tls.ciphers",
                    "Cipher suites by the names of the TLS registry, separated by colons; left out, Java's choice."),
            Map.entry("shard_tls.cert_file", "Pando's certificate towards servers that ask for one. With `key_file`."),
            Map.entry("shard_tls.key_file", "Its private key: PKCS #8 without a password."),
            Map.entry("shard_tls.min_version", "The lowest version of TLS that servers may use."),
            Map.entry("shard_tls.ciphers", "As `tls.ciphers`."));

    private static final Map<String, String> POOL = Map.ofEntries(
            Map.entry(
                    "pool.min_size",
                    "Server connections that are kept per shard and user while the user has a client, unused ones too."),
            Map.entry("pool.reserve_size", "Further connections, for statements that have waited `reserve_timeout`."),
            Map.entry("pool.reserve_timeout", "How long a statement waits before the reserve is used for it."),
            Map.entry(
                    "pool.max_database_connections",
                    "Server connections of all users of a database at most; 0 for any number." + PER_SHARD),
            Map.entry(
                    "pool.max_user_connections",
                    "Server connections of a user to all databases at most; 0 for any number." + PER_SHARD),
            Map.entry(
                    "pool.queue_notice",
                    "A client whose statement has waited so long for a server connection is told so by a notice; 0s for never."),
            Map.entry(
                    "pool.lifetime",
                    "A server connection of that age is replaced when it is free, one after the other and not all at once; 0s keeps it."),
            Map.entry(
                    "pool.check_delay",
                    "A server connection unused for so long is tried, by an empty query, before a statement is sent over it; 0s tries each time."),
            Map.entry(
                    "pool.login_retry",
                    "The longest pause between attempts to connect to a server that fails: 50 ms, doubled up to this."),
            Map.entry(
                    "pool.round_robin",
                    "Whether the connection that has rested longest is used next, instead of the one used last."),
            Map.entry(
                    "pool.fast_close",
                    "Whether RECONNECT also ends sessions that keep a server connection beyond transactions, as soon as they are in none (PD2021)."));

    private static final Map<String, String> TIMEOUTS = Map.ofEntries(
            Map.entry(
                    "timeouts.client_idle",
                    "A client that sends nothing for so long, outside a transaction, is disconnected (57P05)."),
            Map.entry(
                    "timeouts.idle_transaction",
                    "A client that sends nothing for so long within a transaction is disconnected (25P03)."),
            Map.entry("timeouts.transaction", "A client whose transaction lasts longer is disconnected (25P04)."),
            Map.entry(
                    "timeouts.query",
                    "A query that runs longer is cancelled (57014), COPY included. The wait for a server connection does not count."),
            Map.entry(
                    "timeouts.cancel_wait",
                    "A query that has not ended so long after it was cancelled for `query` has its client disconnected."));

    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("pool_size", "Instead of `pool.size`."),
            Map.entry("min_pool_size", "Instead of `pool.min_size`."),
            Map.entry("reserve_pool_size", "Instead of `pool.reserve_size`."),
            Map.entry("server_lifetime", "Instead of `pool.lifetime`."),
            Map.entry("queue_timeout", "Instead of `pool.queue_timeout`."),
            Map.entry("client_idle_timeout", "Instead of `timeouts.client_idle`."),
            Map.entry("idle_transaction_timeout", "Instead of `timeouts.idle_transaction`."),
            Map.entry("transaction_timeout", "Instead of `timeouts.transaction`."),
            Map.entry("query_timeout", "Instead of `timeouts.query`."),
            Map.entry("users.max_connections", "Instead of `pool.max_user_connections`."),
            Map.entry("users.max_clients", "Instead of `listen.max_user_clients`."),
            Map.entry("databases.max_connections", "Instead of `pool.max_database_connections`."),
            Map.entry("databases.max_clients", "Instead of `listen.max_database_clients`."));

    private static final Map<String, String> ACCESS = Map.ofEntries(
            Map.entry("listen.host", "Address to listen on. `0.0.0.0` or `::` opens it to the network."),
            Map.entry(
                    "listen.max_clients",
                    "Clients logged in at once; one more is refused with PD2001. Each costs one file descriptor and some 10 kB."
                            + " The admin database has ten places of its own beyond these."),
            Map.entry(
                    "listen.max_logins",
                    "Connections that have not logged in yet, beside those. One more takes the place of the oldest, if that has had a"
                            + " second already, or else is refused with PD2009."),
            Map.entry(
                    "tls.mode",
                    "`allow` lets the client choose, `require` refuses logins without TLS (PD1011), `verify` also demands a certificate"
                            + " signed by `client_ca_file`."),
            Map.entry("tls.cert_file", "Pando's certificate, followed by those that lead to the root."),
            Map.entry("tls.key_file", "Its private key: PKCS #8 without a password (`BEGIN PRIVATE KEY`)."),
            Map.entry("tls.client_ca_file", "Who signs the certificates of clients. Needed by `verify`."),
            Map.entry(
                    "http.host",
                    "Address to listen on. The API has no login: keep it on the loopback address, or put a proxy with one in front."),
            Map.entry(
                    "node.name",
                    "What this Pando is called: different from others before the same shards, and the same after a restart. Left out, it"
                            + " is the machine's name with `listen.host` and `listen.port`."),
            Map.entry("database.name", "Its name, the same on every shard. `pando` is taken by the admin database."),
            Map.entry(
                    "control.user",
                    "A superuser on every shard; used for the catalog, statistics and Pando's own schema."),
            Map.entry(
                    "control.password_file",
                    "A file that holds the password; a relative path starts at the configuration file's folder."),
            Map.entry("control.password_env", "The environment variable that holds the password."),
            Map.entry(
                    "shard_tls.mode",
                    "As libpq's `sslmode`: `prefer` takes TLS when the server has it (a handshake that fails is an error, there is no"
                            + " second attempt without), `verify-ca` and `verify-full` also check its"
                            + " certificate, and `verify-full` its name."),
            Map.entry(
                    "shard_tls.ca_file",
                    "PEM file of those who sign the servers' certificates. Needed by `verify-ca` and `verify-full`."),
            Map.entry(
                    "users.password_file",
                    "A file that holds the password; a relative path starts at the configuration file's folder."),
            Map.entry("users.password_env", "The environment variable that holds the password."),
            Map.entry(
                    "users.admin",
                    "Whether the user may PAUSE, KILL and the like in the admin database; all may SHOW. The user `pando up` makes may."),
            Map.entry("shards.name", "A name for messages and statistics, such as `shard-0`."));

    private static final Map<String, String> BOUNDS = Map.ofEntries(
            Map.entry(
                    "pool.size",
                    "Server connections per shard and user at most. Pando's own few come on top; keep the sum under `max_connections`."),
            Map.entry("pool.queue_timeout", "How long a statement waits for a server connection before PD2002."),
            Map.entry("pool.idle_timeout", "A server connection unused for so long is closed; 0s keeps it."),
            Map.entry(
                    "pool.connect_timeout",
                    "How long connecting to a shard may take, and then logging in, before PD5001."),
            Map.entry(
                    "limits.max_message_bytes",
                    "The longest protocol message accepted from a client. PostgreSQL allows 1 GB, but Pando holds the message that names"
                            + " a statement or its parameters as a whole, so this bounds what one client can make it hold. Raise it for"
                            + " larger values."),
            Map.entry(
                    "limits.max_statement_bytes",
                    "The longest SQL text that is parsed. Parsing takes some 50 times its length in memory."),
            Map.entry(
                    "limits.login_timeout",
                    "A client that has not proven its password by then is disconnected with PD1006."),
            Map.entry(
                    "limits.max_prepared_statements",
                    "Prepared statements and portals one session may hold; one more is PD2003."),
            Map.entry(
                    "limits.merge_memory",
                    "Memory one session may use to merge rows of several shards, open portals included; more is PD2004. Also the longest"
                            + " message of a server that is not passed on in parts (at least 256 kB); a longer one is PD2010."),
            Map.entry("limits.plan_cache_bytes", "Memory for the plans of statement shapes seen before."),
            Map.entry(
                    "limits.parser_queue",
                    "Statements of new shapes that may wait for the parser; one more is PD2005."),
            Map.entry(
                    "tables.function", "The sharding function; docs/sharding.md lists them. Not with `colocate_with`."),
            Map.entry(
                    "tables.settings",
                    "Settings of the function, for example `{ buckets = 1024 }`. Not with `colocate_with`."),
            Map.entry("tables.colocate_with", "Place rows as this table does: equal keys live on the same shard."),
            Map.entry(
                    "tables.unique_per_shard",
                    "Accept unique constraints that do not contain the key, because the values are unique by construction."));

    private KeyTexts() {}

    static String of(Section section, String title) {
        String name = section == Section.TOP ? title : section.title() + "." + title;
        for (Map<String, String> texts : List.of(GENERAL, TLS, POOL, TIMEOUTS, ACCESS, BOUNDS, OWN)) {
            String text = texts.get(name);
            if (text != null) {
                return text;
            }
        }
        return Objects.requireNonNull(OWN.get(title), () -> name + " has no text");
    }
}

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
            Map.entry("log_disconnections", "Whether it is logged when a client leaves: why, after how long, and what it did."),
            Map.entry("log_pooler_errors", "Whether errors that Pando itself tells clients are logged, without what they sent."),
            Map.entry("log_stats", "Whether a line of statistics is logged each `stats_period`."),
            Map.entry("stats_period", "The period of that, and of averages in the admin database."),
            Map.entry("listen.backlog", "Connections that wait to be accepted; the system may allow fewer."),
            Map.entry("listen.max_database_clients", "Clients of one database at most; 0 for any number. One more is refused with PD2011."),
            Map.entry("listen.max_user_clients", "Clients of one user at most; 0 for any number. One more is refused with PD2011."),
            Map.entry("listen.application_name_add_host", "Whether ` - host:port` of the client is put behind its `application_name` at login."),
            Map.entry(
                    "listen.scram_iterations",
                    "How often passwords are hashed. More makes a login dearer for the client and a stolen verifier safer."),
            Map.entry("network.keepalive", "Whether the system asks silent peers whether they are still there."),
            Map.entry("network.keepalive_idle", "After how long a silence it asks first."),
            Map.entry("network.keepalive_interval", "How long it waits between questions."),
            Map.entry("network.keepalive_count", "After how many unanswered ones the peer is gone."),
            Map.entry("network.user_timeout", "How long data that was sent may stay unacknowledged before the peer is gone."));

    private static final Map<String, String> TLS = Map.ofEntries(
            Map.entry("tls.min_version", "The lowest version of TLS that clients may use."),
            Map.entry("tls.ciphers", "Cipher suites by the names of the TLS registry, separated by colons; left out, Java's choice."),
            Map.entry("shard_tls.cert_file", "Pando's certificate towards servers that ask for one. With `key_file`."),
            Map.entry("shard_tls.key_file", "Its private key: PKCS #8 without a password."),
            Map.entry("shard_tls.min_version", "The lowest version of TLS that servers may use."),
            Map.entry("shard_tls.ciphers", "As `tls.ciphers`."));

    private static final Map<String, String> POOL = Map.ofEntries(
            Map.entry("pool.min_size", "Server connections that are kept per shard and user while the user has a client, unused ones too."),
            Map.entry("pool.reserve_size", "Further connections, for statements that have waited `reserve_timeout`."),
            Map.entry("pool.reserve_timeout", "How long a statement waits before the reserve is used for it."),
            Map.entry("pool.max_database_connections", "Server connections of all users of a database at most; 0 for any number." + PER_SHARD),
            Map.entry("pool.max_user_connections", "Server connections of a user to all databases at most; 0 for any number." + PER_SHARD),
            Map.entry("pool.queue_notice", "A client whose statement has waited so long for a server connection is told so by a notice; 0s for never."),
            Map.entry(
                    "pool.lifetime",
                    "A server connection of that age is replaced when it is free, one after the other and not all at once; 0s keeps it."),
            Map.entry(
                    "pool.check_delay",
                    "A server connection unused for so long is tried, by an empty query, before a statement is sent over it; 0s tries each time."),
            Map.entry("pool.login_retry", "The longest pause between attempts to connect to a server that fails: 50 ms, doubled up to this."),
            Map.entry("pool.round_robin", "Whether the connection that has rested longest is used next, instead of the one used last."),
            Map.entry(
                    "pool.fast_close",
                    "Whether RECONNECT also ends sessions that keep a server connection beyond transactions, as soon as they are in none (PD2012)."));

    private static final Map<String, String> TIMEOUTS = Map.ofEntries(
            Map.entry("timeouts.client_idle", "A client that sends nothing for so long, outside a transaction, is disconnected (57P05)."),
            Map.entry("timeouts.idle_transaction", "A client that sends nothing for so long within a transaction is disconnected (25P03)."),
            Map.entry("timeouts.transaction", "A client whose transaction lasts longer is disconnected (25P04)."),
            Map.entry(
                    "timeouts.query",
                    "A query that runs longer is cancelled (57014), COPY included. The wait for a server connection does not count."),
            Map.entry("timeouts.cancel_wait", "A query that has not ended so long after it was cancelled for `query` has its client disconnected."));

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

    private KeyTexts() {}

    static String of(Section section, String title) {
        String name = section == Section.TOP ? title : section.title() + "." + title;
        for (Map<String, String> texts : List.of(GENERAL, TLS, POOL, TIMEOUTS, OWN)) {
            String text = texts.getOrDefault(name, texts == OWN ? texts.get(title) : null);
            if (text != null) {
                return text;
            }
        }
        return Objects.requireNonNull(null, name + " has no text");
    }
}

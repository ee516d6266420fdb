package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the effective configuration as TOML: every key, its default beside it where it differs, and no secret. */
public final class ConfigPrinter {
    private final PandoConfig config;
    private final StringBuilder out = new StringBuilder();

    private ConfigPrinter(PandoConfig config) {
        this.config = config;
    }

    public static String print(PandoConfig config) {
        ConfigPrinter printer = new ConfigPrinter(config);
        for (Section section : Section.values()) {
            if (section == Section.TOP) {
                printer.keys(section);
            } else if (!section.list()
                    && !(section.serveOnly() && config.shards().isEmpty())) {
                printer.out.append('\n').append(section.header()).append('\n');
                printer.keys(section);
            }
        }
        config.listen().node().peers().forEach(printer::peer);
        config.users().forEach(printer::user);
        config.databases().forEach(printer::database);
        config.shards().forEach(printer::shard);
        config.tables().forEach(printer::table);
        return printer.out.toString();
    }

    /** Every setting outside of lists as text. */
    public static List<Entry> entries(PandoConfig config) {
        ConfigPrinter printer = new ConfigPrinter(config);
        List<Entry> entries = new ArrayList<>();
        for (ConfigKey key : ConfigKey.values()) {
            Object value = printer.value(key);
            if (value != null) {
                Object standard = key.standard();
                entries.add(new Entry(
                        key.fullName(), value.toString(), standard == null ? null : standard.toString(), key.live()));
            }
        }
        return entries;
    }

    /**
     * A setting.
     *
     * @param key full name such as {@code pool.size}
     * @param live whether a reload can change it
     */
    public record Entry(String key, String value, @Nullable String standard, boolean live) {}

    /** As TOML writes it; null when it has none, and for keys of lists. */
    static @Nullable Object value(ConfigKey key, PandoConfig config) {
        return new ConfigPrinter(config).value(key);
    }

    /** As TOML has it. */
    private static Object plain(Object value) {
        return switch (value) {
            case Duration duration -> printed(duration);
            case Integer number -> (long) number;
            default -> value;
        };
    }

    private void keys(Section section) {
        for (ConfigKey key : ConfigKey.of(section)) {
            Object value = value(key);
            if (value != null) {
                entry(key, value);
            }
        }
    }

    /** As TOML writes it; null for what is not set, for keys that only say where a secret comes from, and for those of lists. */
    private @Nullable Object value(ConfigKey key) {
        Object value = switch (key.section()) {
            case TOP -> general(key);
            case LISTEN -> listen(key);
            case NETWORK -> network(key);
            case TLS -> tls(key);
            case AUTH -> auth(key, config.auth());
            case HTTP, NODE, RESTART, DATABASE, CONTROL -> process(key);
            case SHARD_TLS -> shardTls(key);
            case POOL -> pool(key);
            case TIMEOUTS -> timeouts(key);
            case STATEMENTS, TRACING -> sight(key);
            case LIMITS -> limits(key);
            case PEERS, USERS, DATABASES, SHARDS, TABLES -> null;
        };
        return value == null ? null : plain(value);
    }

    private @Nullable Object general(ConfigKey key) {
        return switch (key) {
            case LOG_LEVEL -> config.logLevel().word();
            case LOG_FORMAT -> config.logging().format().word();
            case LOG_CONNECTIONS -> config.logging().connections();
            case LOG_DISCONNECTIONS -> config.logging().disconnections();
            case LOG_POOLER_ERRORS -> config.logging().errors();
            case LOG_STATS -> config.logging().statistics();
            case LOG_MIN_DURATION_STATEMENT -> config.tuning().statements().slow();
            case STATS_PERIOD -> config.logging().statisticsPeriod();
            default -> null;
        };
    }

    private @Nullable Object listen(ConfigKey key) {
        return switch (key) {
            case LISTEN_HOST -> config.listen().host();
            case LISTEN_PORT -> config.listen().port();
            case LISTEN_MAX_CLIENTS -> config.listen().maxClients();
            case LISTEN_MAX_LOGINS -> config.listen().maxLogins();
            case LISTEN_UNIX_SOCKET_DIR -> config.listen().sockets().folder();
            case LISTEN_UNIX_SOCKET_MODE -> config.listen().sockets().mode();
            case LISTEN_UNIX_SOCKET_GROUP -> config.listen().sockets().group();
            case LISTEN_REUSE_PORT -> config.listen().sockets().reusePort();
            case LISTEN_BACKLOG -> config.network().backlog();
            case LISTEN_MAX_DATABASE_CLIENTS -> config.clients().maxOfDatabase();
            case LISTEN_MAX_USER_CLIENTS -> config.clients().maxOfUser();
            case LISTEN_ADD_HOST -> config.clients().applicationNameAddHost();
            case LISTEN_SCRAM_ITERATIONS -> config.clients().scramIterations();
            default -> null;
        };
    }

    private @Nullable Object network(ConfigKey key) {
        return switch (key) {
            case NETWORK_KEEPALIVE -> config.network().keepalive();
            case NETWORK_KEEPALIVE_IDLE -> config.network().keepaliveIdle();
            case NETWORK_KEEPALIVE_INTERVAL -> config.network().keepaliveInterval();
            case NETWORK_KEEPALIVE_COUNT -> config.network().keepaliveCount();
            case NETWORK_USER_TIMEOUT -> config.network().userTimeout();
            default -> null;
        };
    }

    private @Nullable Object tls(ConfigKey key) {
        return switch (key) {
            case TLS_MODE -> config.clientTls().mode().word();
            case TLS_CERT_FILE -> printed(config.clientTls().certificate());
            case TLS_KEY_FILE -> printed(config.clientTls().key());
            case TLS_CLIENT_CA_FILE -> printed(config.clientTls().clientAuthority());
            case TLS_MIN_VERSION -> config.clientTls().suite().minimum();
            case TLS_CIPHERS -> config.clientTls().suite().ciphers();
            default -> null;
        };
    }

    private @Nullable Object process(ConfigKey key) {
        return switch (key) {
            case HTTP_ENABLED -> config.http().enabled();
            case HTTP_HOST -> config.http().host();
            case HTTP_PORT -> config.http().port();
            case HTTP_PLANS -> config.http().plans();
            case NODE_NAME ->
                config.listen().node().name().isEmpty()
                        ? null
                        : config.listen().node().name();
            case NODE_NUMBER -> config.listen().node().number();
            case RESTART_SOCKET -> config.listen().restart().socket();
            case RESTART_CLIENT_TIMEOUT -> printed(config.listen().restart().clientTimeout());
            case RESTART_TRANSACTION_TIMEOUT ->
                printed(config.listen().restart().transactionTimeout());
            case RESTART_FALLBACK_TIME -> printed(config.listen().restart().fallbackTime());
            case DATABASE_NAME -> config.database();
            case CONTROL_USER -> config.control().user();
            case CONTROL_PASSWORD -> config.control().password().toString();
            default -> null;
        };
    }

    private @Nullable Object shardTls(ConfigKey key) {
        return switch (key) {
            case SHARD_TLS_MODE -> config.serverTls().mode().word();
            case SHARD_TLS_CA_FILE -> printed(config.serverTls().authority());
            case SHARD_TLS_CERT_FILE -> printed(config.serverTls().certificate());
            case SHARD_TLS_KEY_FILE -> printed(config.serverTls().key());
            case SHARD_TLS_MIN_VERSION -> config.serverTls().suite().minimum();
            case SHARD_TLS_CIPHERS -> config.serverTls().suite().ciphers();
            default -> null;
        };
    }

    private @Nullable Object pool(ConfigKey key) {
        return switch (key) {
            case POOL_SIZE -> config.pool().size();
            case POOL_MODE -> config.pool().mode().word();
            case POOL_QUEUE_TIMEOUT -> printed(config.pool().queueTimeout());
            case POOL_IDLE_TIMEOUT -> printed(config.pool().upkeep().idleTimeout());
            case POOL_CONNECT_TIMEOUT -> printed(config.pool().connectTimeout());
            case POOL_MIN_SIZE -> config.pool().sizes().minimum();
            case POOL_RESERVE_SIZE -> config.pool().sizes().reserve();
            case POOL_RESERVE_TIMEOUT -> config.pool().queue().reserveTimeout();
            case POOL_MAX_DATABASE_CONNECTIONS -> config.pool().sizes().maxOfDatabase();
            case POOL_MAX_USER_CONNECTIONS -> config.pool().sizes().maxOfUser();
            case POOL_QUEUE_NOTICE -> config.pool().queue().notice();
            case POOL_LIFETIME -> config.pool().upkeep().lifetime();
            case POOL_CHECK_DELAY -> config.pool().upkeep().checkDelay();
            case POOL_LOGIN_RETRY -> config.pool().upkeep().loginRetry();
            case POOL_ROUND_ROBIN -> config.pool().upkeep().roundRobin();
            case POOL_FAST_CLOSE -> config.pool().upkeep().fastClose();
            case POOL_WILDCARD_IDLE_TIMEOUT -> printed(config.pool().wildcardIdleTimeout());
            default -> null;
        };
    }

    private @Nullable Object timeouts(ConfigKey key) {
        return switch (key) {
            case TIMEOUTS_CLIENT_IDLE -> config.timeouts().clientIdle();
            case TIMEOUTS_IDLE_TRANSACTION -> config.timeouts().idleTransaction();
            case TIMEOUTS_TRANSACTION -> config.timeouts().transaction();
            case TIMEOUTS_QUERY -> config.timeouts().query();
            case TIMEOUTS_CANCEL_WAIT -> config.timeouts().cancelWait();
            default -> null;
        };
    }

    private @Nullable Object sight(ConfigKey key) {
        Tuning.Statements statements = config.tuning().statements();
        return switch (key) {
            case STATEMENTS_TRACK -> statements.track();
            case STATEMENTS_MAX -> statements.most();
            case STATEMENTS_REPEATS -> statements.repeats();
            case STATEMENTS_REPEAT_PAUSE -> statements.repeatPause();
            case STATEMENTS_REPEAT_LOG_INTERVAL -> statements.repeatLogInterval();
            case TRACING_ENDPOINT -> config.tuning().tracing().endpoint();
            case TRACING_QUEUE -> config.tuning().tracing().queue();
            default -> null;
        };
    }

    private @Nullable Object limits(ConfigKey key) {
        return switch (key) {
            case LIMITS_MAX_MESSAGE_BYTES -> Units.print(config.limits().maxMessageBytes());
            case LIMITS_MAX_STATEMENT_BYTES -> Units.print(config.limits().maxStatementBytes());
            case LIMITS_LOGIN_TIMEOUT -> printed(config.limits().loginTimeout());
            case LIMITS_MAX_PREPARED_STATEMENTS -> config.limits().maxPreparedStatements();
            case LIMITS_MERGE_MEMORY -> Units.print(config.limits().mergeMemory());
            case LIMITS_PLAN_CACHE_BYTES -> Units.print(config.limits().planCacheBytes());
            case LIMITS_PARSER_QUEUE -> config.limits().parserQueue();
            case LIMITS_MAX_WILDCARD_DATABASES -> config.limits().maxWildcardDatabases();
            default -> null;
        };
    }

    private void peer(PandoConfig.Peer peer) {
        list(Section.PEERS);
        entry(ConfigKey.PEER_NUMBER, peer.number());
        entry(ConfigKey.PEER_ADDRESS, printed(peer.address()));
    }

    private static @Nullable Object auth(ConfigKey key, PandoConfig.Auth auth) {
        PandoConfig.Rules rules = auth.rules();
        PandoConfig.Lookup lookup = auth.lookup();
        return switch (key) {
            case AUTH_HBA_FILE -> rules == null ? null : rules.hbaFile();
            case AUTH_IDENT_FILE -> rules == null ? null : rules.identFile();
            case AUTH_FILE -> auth.file();
            case AUTH_QUERY -> lookup == null ? null : lookup.query();
            case AUTH_USER -> lookup == null ? null : lookup.user();
            case AUTH_PASSWORD -> lookup == null || lookup.password().reveal().isEmpty() ? null : Secret.HIDDEN;
            case AUTH_DATABASE -> lookup == null ? null : lookup.database();
            case AUTH_CACHE -> lookup == null ? null : printed(lookup.cache());
            case AUTH_FAILURE_DELAY -> printed(auth.failureDelay());
            default -> null;
        };
    }

    private void user(PandoConfig.User user) {
        list(Section.USERS);
        entry(ConfigKey.USER_NAME, user.name());
        if (!user.password().reveal().isEmpty()) {
            entry(ConfigKey.USER_PASSWORD, Secret.HIDDEN);
        }
        entry(ConfigKey.USER_ADMIN, user.admin());
        entryIfSet(ConfigKey.USER_POOL_MODE, word(user.mode()));
        tunables(Section.USERS, tunable -> config.tuning().overrides().ofUser(tunable, user.name()));
    }

    private void database(DatabaseConfig database) {
        list(Section.DATABASES);
        entry(ConfigKey.DATABASES_NAME, database.name());
        entry(
                ConfigKey.DATABASES_SERVERS,
                database.servers().stream().map(ConfigPrinter::printed).toList());
        entry(ConfigKey.DATABASES_LOAD_BALANCE, database.balanced() ? "round-robin" : "disable");
        entryIfSet(ConfigKey.DATABASES_DBNAME, database.dbname());
        DatabaseConfig.Login login = database.login();
        if (login != null) {
            entry(ConfigKey.DATABASES_USER, login.user());
            entry(ConfigKey.DATABASES_PASSWORD, login.password().toString());
        }
        entryIfSet(ConfigKey.DATABASES_POOL_MODE, word(database.mode()));
        if (!database.connectQuery().isEmpty()) {
            entry(ConfigKey.DATABASES_CONNECT_QUERY, database.connectQuery());
        }
        tunables(Section.DATABASES, tunable -> config.tuning().overrides().ofDatabase(tunable, database.name()));
    }

    private static @Nullable String word(@Nullable PoolMode mode) {
        return mode == null ? null : mode.word();
    }

    private void tunables(Section section, Function<Tunable, @Nullable Object> own) {
        for (ConfigKey key : ConfigKey.of(section)) {
            Tunable tunable = key.tunable();
            Object value = tunable == null ? null : own.apply(tunable);
            if (value != null) {
                entry(key, plain(value));
            }
        }
    }

    private void entryIfSet(ConfigKey key, @Nullable Object value) {
        if (value != null) {
            entry(key, value);
        }
    }

    private void shard(ShardConfig shard) {
        list(Section.SHARDS);
        entry(ConfigKey.SHARD_NAME, shard.name());
        entry(ConfigKey.SHARD_PRIMARY, printed(shard.primary()));
        entry(
                ConfigKey.SHARD_REPLICAS,
                shard.replicas().stream().map(ConfigPrinter::printed).toList());
    }

    private void table(TableConfig table) {
        list(Section.TABLES);
        entry(ConfigKey.TABLE_NAME, printed(table.name()));
        switch (table) {
            case TableConfig.Reference reference -> entry(ConfigKey.TABLE_REFERENCE, true);
            case TableConfig.Colocated(TableName name, List<String> key, TableName with, boolean unique) -> {
                entry(ConfigKey.TABLE_KEY, key);
                entry(ConfigKey.TABLE_COLOCATE_WITH, printed(with));
                entry(ConfigKey.TABLE_UNIQUE_PER_SHARD, unique);
            }
            case TableConfig.Sharded(
                    TableName name,
                    List<String> key,
                    String function,
                    Map<String, String> settings,
                    boolean unique) -> {
                entry(ConfigKey.TABLE_KEY, key);
                entry(ConfigKey.TABLE_FUNCTION, function);
                if (!settings.isEmpty()) {
                    entry(ConfigKey.TABLE_SETTINGS, settings);
                }
                entry(ConfigKey.TABLE_UNIQUE_PER_SHARD, unique);
            }
        }
    }

    private void list(Section section) {
        out.append('\n').append(section.header()).append('\n');
    }

    private void entry(ConfigKey key, Object value) {
        out.append(key.title()).append(" = ").append(toml(value));
        Object standard = key.standard();
        if (standard != null) {
            out.append(standard.equals(value) ? "  # default" : "  # default " + toml(standard));
        }
        out.append('\n');
    }

    /** A value as TOML text: strings, whole numbers, flags, lists and inline tables of those. */
    static String toml(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case List<?> list -> {
                List<String> items = list.stream().map(ConfigPrinter::toml).toList();
                yield "[" + String.join(", ", items) + "]";
            }
            case Map<?, ?> map -> {
                List<String> items = map.entrySet().stream()
                        .map(item -> quoted(String.valueOf(item.getKey())) + " = " + toml(item.getValue()))
                        .toList();
                yield "{ " + String.join(", ", items) + " }";
            }
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format(java.util.Locale.ROOT, "\\u%04X", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    static @Nullable String printed(PandoConfig.@Nullable Pem pem) {
        return pem == null ? null : pem.file();
    }

    private static String printed(Duration duration) {
        return Units.print(duration);
    }

    private static String printed(TableName name) {
        return name.schema().equals("public") ? name.name() : name.toString();
    }

    private static String printed(Address address) {
        return address.host().indexOf(':') < 0 ? address.toString() : "[" + address.host() + "]:" + address.port();
    }
}

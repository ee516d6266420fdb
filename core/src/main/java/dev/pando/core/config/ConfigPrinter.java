package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private void keys(Section section) {
        for (ConfigKey key : ConfigKey.of(section)) {
            Object value = value(key);
            if (value != null) {
                entry(key, value);
            }
        }
    }

    /** As TOML writes it; null for keys that only say where a secret comes from, and for those of lists. */
    private @Nullable Object value(ConfigKey key) {
        PandoConfig.Listen listen = config.listen();
        PandoConfig.Limits limits = config.limits();
        return switch (key) {
            case LOG_LEVEL -> config.logLevel().word();
            case LISTEN_HOST -> listen.host();
            case LISTEN_PORT -> (long) listen.port();
            case LISTEN_MAX_CLIENTS -> (long) listen.maxClients();
            case LISTEN_MAX_LOGINS -> (long) listen.maxLogins();
            case LISTEN_UNIX_SOCKET_DIR -> listen.sockets().folder();
            case LISTEN_UNIX_SOCKET_MODE -> listen.sockets().mode();
            case LISTEN_UNIX_SOCKET_GROUP -> listen.sockets().group();
            case LISTEN_REUSE_PORT -> listen.sockets().reusePort();
            case NODE_NUMBER -> (long) listen.node().number();
            case RESTART_SOCKET -> listen.restart().socket();
            case RESTART_CLIENT_TIMEOUT -> printed(listen.restart().clientTimeout());
            case RESTART_TRANSACTION_TIMEOUT -> printed(listen.restart().transactionTimeout());
            case TLS_MODE -> config.clientTls().mode().word();
            case TLS_CERT_FILE -> printed(config.clientTls().certificate());
            case TLS_KEY_FILE -> printed(config.clientTls().key());
            case TLS_CLIENT_CA_FILE -> printed(config.clientTls().clientAuthority());
            case AUTH_HBA_FILE,
                    AUTH_IDENT_FILE,
                    AUTH_FILE,
                    AUTH_QUERY,
                    AUTH_USER,
                    AUTH_PASSWORD,
                    AUTH_PASSWORD_FILE,
                    AUTH_PASSWORD_ENV,
                    AUTH_DATABASE,
                    AUTH_CACHE,
                    AUTH_FAILURE_DELAY -> auth(key, config.auth());
            case SHARD_TLS_MODE -> config.serverTls().mode().word();
            case SHARD_TLS_CA_FILE -> printed(config.serverTls().authority());
            case NODE_NAME ->
                listen.node().name().isEmpty() ? null : listen.node().name();
            case HTTP_ENABLED -> config.http().enabled();
            case HTTP_HOST -> config.http().host();
            case HTTP_PORT -> (long) config.http().port();
            case DATABASE_NAME -> config.database();
            case CONTROL_USER -> config.control().user();
            case CONTROL_PASSWORD -> config.control().password().toString();
            case POOL_SIZE -> (long) config.pool().size();
            case POOL_MODE -> config.pool().mode().word();
            case POOL_WILDCARD_IDLE_TIMEOUT -> printed(config.pool().wildcardIdleTimeout());
            case POOL_QUEUE_TIMEOUT -> printed(config.pool().queueTimeout());
            case POOL_IDLE_TIMEOUT -> printed(config.pool().idleTimeout());
            case POOL_CONNECT_TIMEOUT -> printed(config.pool().connectTimeout());
            case LIMITS_MAX_MESSAGE_BYTES -> Units.print(limits.maxMessageBytes());
            case LIMITS_MAX_STATEMENT_BYTES -> Units.print(limits.maxStatementBytes());
            case LIMITS_LOGIN_TIMEOUT -> printed(limits.loginTimeout());
            case LIMITS_MAX_PREPARED_STATEMENTS -> (long) limits.maxPreparedStatements();
            case LIMITS_MERGE_MEMORY -> Units.print(limits.mergeMemory());
            case LIMITS_PLAN_CACHE_BYTES -> Units.print(limits.planCacheBytes());
            case LIMITS_PARSER_QUEUE -> (long) limits.parserQueue();
            case LIMITS_MAX_WILDCARD_DATABASES -> (long) limits.maxWildcardDatabases();
            case CONTROL_PASSWORD_FILE, CONTROL_PASSWORD_ENV -> null;
            case USER_NAME, USER_PASSWORD, USER_PASSWORD_FILE, USER_PASSWORD_ENV, USER_ADMIN, USER_POOL_MODE -> null;
            case DATABASES_NAME,
                    DATABASES_SERVERS,
                    DATABASES_LOAD_BALANCE,
                    DATABASES_DBNAME,
                    DATABASES_USER,
                    DATABASES_PASSWORD,
                    DATABASES_PASSWORD_FILE,
                    DATABASES_PASSWORD_ENV,
                    DATABASES_POOL_MODE,
                    DATABASES_POOL_SIZE,
                    DATABASES_CONNECT_QUERY -> null;
            case SHARD_NAME, SHARD_PRIMARY, SHARD_REPLICAS -> null;
            case PEER_NUMBER, PEER_ADDRESS -> null;
            case TABLE_NAME,
                    TABLE_KEY,
                    TABLE_FUNCTION,
                    TABLE_SETTINGS,
                    TABLE_COLOCATE_WITH,
                    TABLE_UNIQUE_PER_SHARD,
                    TABLE_REFERENCE -> null;
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
        entryIfSet(ConfigKey.DATABASES_POOL_SIZE, database.poolSize());
        if (!database.connectQuery().isEmpty()) {
            entry(ConfigKey.DATABASES_CONNECT_QUERY, database.connectQuery());
        }
    }

    private static @Nullable String word(@Nullable PoolMode mode) {
        return mode == null ? null : mode.word();
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

    private static @Nullable String printed(PandoConfig.@Nullable Pem pem) {
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

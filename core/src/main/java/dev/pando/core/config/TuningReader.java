package dev.pando.core.config;

import dev.pando.core.pool.PoolMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes records of the values of sections that say how much and for how long. */
final class TuningReader {
    private final Function<Section, Values> sections;

    TuningReader(Function<Section, Values> sections) {
        this.sections = sections;
    }

    Tuning tuning(List<Values> users, List<Values> databases) {
        Map<String, Map<Tunable, Object>> ofDatabases = overrides(databases, ConfigKey.DATABASES_NAME);
        // The sharded database is none of those that the entry for any name makes.
        if (ofDatabases.containsKey(DatabaseConfig.ANY)) {
            ofDatabases.put(sections.apply(Section.DATABASE).text(ConfigKey.DATABASE_NAME), Map.of());
        }
        return new Tuning(
                logging(),
                network(),
                clients(),
                timeouts(),
                statements(),
                tracing(),
                new Tuning.Overrides(overrides(users, ConfigKey.USER_NAME), ofDatabases));
    }

    PandoConfig.Pool pool() {
        Values values = sections.apply(Section.POOL);
        return new PandoConfig.Pool(
                new PandoConfig.Sizes(
                        values.whole(ConfigKey.POOL_SIZE),
                        values.whole(ConfigKey.POOL_MIN_SIZE),
                        values.whole(ConfigKey.POOL_RESERVE_SIZE),
                        values.whole(ConfigKey.POOL_MAX_DATABASE_CONNECTIONS),
                        values.whole(ConfigKey.POOL_MAX_USER_CONNECTIONS)),
                new PandoConfig.Queue(
                        values.time(ConfigKey.POOL_QUEUE_TIMEOUT),
                        values.time(ConfigKey.POOL_QUEUE_NOTICE),
                        values.time(ConfigKey.POOL_RESERVE_TIMEOUT)),
                new PandoConfig.Upkeep(
                        values.time(ConfigKey.POOL_IDLE_TIMEOUT),
                        values.time(ConfigKey.POOL_LIFETIME),
                        values.time(ConfigKey.POOL_CHECK_DELAY),
                        values.time(ConfigKey.POOL_LOGIN_RETRY),
                        values.flag(ConfigKey.POOL_ROUND_ROBIN),
                        values.flag(ConfigKey.POOL_FAST_CLOSE)),
                values.time(ConfigKey.POOL_CONNECT_TIMEOUT),
                PoolMode.of(values.text(ConfigKey.POOL_MODE)),
                values.time(ConfigKey.POOL_WILDCARD_IDLE_TIMEOUT));
    }

    private Tuning.Logging logging() {
        Values values = sections.apply(Section.TOP);
        return new Tuning.Logging(
                LogFormat.of(values.text(ConfigKey.LOG_FORMAT)),
                values.flag(ConfigKey.LOG_CONNECTIONS),
                values.flag(ConfigKey.LOG_DISCONNECTIONS),
                values.flag(ConfigKey.LOG_POOLER_ERRORS),
                values.flag(ConfigKey.LOG_STATS),
                values.time(ConfigKey.STATS_PERIOD));
    }

    private Tuning.Network network() {
        Values values = sections.apply(Section.NETWORK);
        return new Tuning.Network(
                values.flag(ConfigKey.NETWORK_KEEPALIVE),
                values.time(ConfigKey.NETWORK_KEEPALIVE_IDLE),
                values.time(ConfigKey.NETWORK_KEEPALIVE_INTERVAL),
                values.whole(ConfigKey.NETWORK_KEEPALIVE_COUNT),
                values.time(ConfigKey.NETWORK_USER_TIMEOUT),
                sections.apply(Section.LISTEN).whole(ConfigKey.LISTEN_BACKLOG));
    }

    private Tuning.Clients clients() {
        Values values = sections.apply(Section.LISTEN);
        return new Tuning.Clients(
                values.whole(ConfigKey.LISTEN_MAX_DATABASE_CLIENTS),
                values.whole(ConfigKey.LISTEN_MAX_USER_CLIENTS),
                values.flag(ConfigKey.LISTEN_ADD_HOST),
                values.whole(ConfigKey.LISTEN_SCRAM_ITERATIONS));
    }

    private Tuning.Timeouts timeouts() {
        Values values = sections.apply(Section.TIMEOUTS);
        return new Tuning.Timeouts(
                values.time(ConfigKey.TIMEOUTS_CLIENT_IDLE),
                values.time(ConfigKey.TIMEOUTS_IDLE_TRANSACTION),
                values.time(ConfigKey.TIMEOUTS_TRANSACTION),
                values.time(ConfigKey.TIMEOUTS_QUERY),
                values.time(ConfigKey.TIMEOUTS_CANCEL_WAIT));
    }

    private Tuning.Statements statements() {
        Values values = sections.apply(Section.STATEMENTS);
        Values top = sections.apply(Section.TOP);
        ConfigKey slow = ConfigKey.LOG_MIN_DURATION_STATEMENT;
        return new Tuning.Statements(
                values.flag(ConfigKey.STATEMENTS_TRACK),
                values.whole(ConfigKey.STATEMENTS_MAX),
                top.has(slow) ? top.time(slow) : null,
                values.whole(ConfigKey.STATEMENTS_REPEATS),
                values.time(ConfigKey.STATEMENTS_REPEAT_PAUSE),
                values.time(ConfigKey.STATEMENTS_REPEAT_LOG_INTERVAL));
    }

    static void checkEndpoint(Values values, Problems problems) {
        ConfigKey key = ConfigKey.TRACING_ENDPOINT;
        if (!values.has(key)) {
            return;
        }
        boolean good;
        try {
            URI endpoint = new URI(values.text(key));
            good = List.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
                    && endpoint.getHost() != null
                    && endpoint.getQuery() == null;
        } catch (URISyntaxException none) {
            good = false;
        }
        if (!good) {
            problems.add(
                    values.position(key),
                    values.name(key),
                    "\"" + values.text(key) + "\" is not a base URL such as http://127.0.0.1:4318");
        }
    }

    private Tuning.Tracing tracing() {
        Values values = sections.apply(Section.TRACING);
        ConfigKey endpoint = ConfigKey.TRACING_ENDPOINT;
        return new Tuning.Tracing(
                values.has(endpoint) ? values.text(endpoint) : null, values.whole(ConfigKey.TRACING_QUEUE));
    }

    /** By the entries' names. */
    private static Map<String, Map<Tunable, Object>> overrides(List<Values> entries, ConfigKey name) {
        Map<String, Map<Tunable, Object>> all = new HashMap<>();
        for (Values entry : entries) {
            Map<Tunable, Object> own = new EnumMap<>(Tunable.class);
            for (ConfigKey key : ConfigKey.of(name.section())) {
                Tunable tunable = key.tunable();
                if (tunable != null && entry.has(key)) {
                    own.put(tunable, entry.value(key));
                }
            }
            if (entry.has(name)) {
                all.put(entry.text(name), own);
            }
        }
        return all;
    }
}

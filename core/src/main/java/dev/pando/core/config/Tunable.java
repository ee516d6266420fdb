package dev.pando.core.config;

import java.time.Duration;
import java.util.function.Function;

/**
 * What single users and databases may have of their own. One rule holds for all: the user's value, else the database's, else the one for
 * all. Only {@link #MAX_CONNECTIONS} and {@link #MAX_CLIENTS} are limits of the user and of the database each, which hold both.
 */
@SuppressWarnings("ImmutableEnumChecker") // kinds are records of values, readings have no state
public enum Tunable {
    POOL_SIZE(
            "pool_size", new ValueKind.Whole(1, 10_000), config -> config.pool().size()),
    MIN_POOL_SIZE("min_pool_size", Kinds.COUNT, config -> config.pool().sizes().minimum()),
    RESERVE_POOL_SIZE(
            "reserve_pool_size", Kinds.COUNT, config -> config.pool().sizes().reserve()),
    MAX_CONNECTIONS("max_connections", Kinds.COUNT, config -> 0),
    MAX_CLIENTS("max_clients", new ValueKind.Whole(0, 1_000_000), config -> 0),
    SERVER_LIFETIME(
            "server_lifetime", Kinds.PERIOD, config -> config.pool().upkeep().lifetime()),
    QUEUE_TIMEOUT(
            "queue_timeout",
            new ValueKind.Time(Duration.ofMillis(1), Duration.ofDays(1)),
            config -> config.pool().queueTimeout()),
    CLIENT_IDLE_TIMEOUT(
            "client_idle_timeout", Kinds.PERIOD, config -> config.timeouts().clientIdle()),
    IDLE_TRANSACTION_TIMEOUT(
            "idle_transaction_timeout",
            Kinds.PERIOD,
            config -> config.timeouts().idleTransaction()),
    TRANSACTION_TIMEOUT(
            "transaction_timeout", Kinds.PERIOD, config -> config.timeouts().transaction()),
    QUERY_TIMEOUT("query_timeout", Kinds.PERIOD, config -> config.timeouts().query());

    private final String title;
    private final ValueKind kind;
    private final Function<PandoConfig, Object> forAll;

    Tunable(String title, ValueKind kind, Function<PandoConfig, Object> forAll) {
        this.title = title;
        this.kind = kind;
        this.forAll = forAll;
    }

    /** As written under a user or a database. */
    String title() {
        return title;
    }

    ValueKind kind() {
        return kind;
    }

    /** Whether it is about how long clients take. */
    boolean watched() {
        return switch (this) {
            case CLIENT_IDLE_TIMEOUT, IDLE_TRANSACTION_TIMEOUT, TRANSACTION_TIMEOUT, QUERY_TIMEOUT -> true;
            case POOL_SIZE, MIN_POOL_SIZE, RESERVE_POOL_SIZE, SERVER_LIFETIME -> false;
            case MAX_CONNECTIONS, MAX_CLIENTS, QUEUE_TIMEOUT -> false;
        };
    }

    Object forAll(PandoConfig config) {
        return forAll.apply(config);
    }
}

package dev.pando.core.config;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of how much and for how long: logs, sockets, limits of clients, timeouts, and what single users and databases have of their own. */
public record Tuning(
        Logging logging,
        Network network,
        Clients clients,
        Timeouts timeouts,
        Statements statements,
        Tracing tracing,
        Overrides overrides) {

    /** The backlog is the listening socket's, which stays. */
    Tuning keepingFixed(Tuning running) {
        Network fixed = new Network(
                network.keepalive(),
                network.keepaliveIdle(),
                network.keepaliveInterval(),
                network.keepaliveCount(),
                network.userTimeout(),
                running.network.backlog());
        return new Tuning(logging, fixed, clients, timeouts, statements, tracing, overrides);
    }

    /** What is logged, and how. {@code statisticsPeriod} is also that of averages. */
    public record Logging(
            LogFormat format,
            boolean connections,
            boolean disconnections,
            boolean errors,
            boolean statistics,
            Duration statisticsPeriod) {}

    /** TCP sockets on both sides. Zero leaves a value to the operating system. */
    public record Network(
            boolean keepalive,
            Duration keepaliveIdle,
            Duration keepaliveInterval,
            int keepaliveCount,
            Duration userTimeout,
            int backlog) {}

    /** Clients of one database or user at most, zero for any number; and what logins are like. */
    public record Clients(int maxOfDatabase, int maxOfUser, boolean applicationNameAddHost, int scramIterations) {}

    /** After which a client's session or statement is ended; zero for never. */
    public record Timeouts(
            Duration clientIdle, Duration idleTransaction, Duration transaction, Duration query, Duration cancelWait) {}

    /**
     * What is counted of statements.
     *
     * @param most that one event loop keeps
     * @param slow from how long on one is logged, null for never
     * @param repeats from how many on it is one question asked many times, 0 for never
     * @param repeatPause what may lie between two of those outside a transaction
     * @param repeatLogInterval how often the same one is logged, zero for never
     */
    public record Statements(
            boolean track,
            int most,
            @Nullable Duration slow,
            int repeats,
            Duration repeatPause,
            Duration repeatLogInterval) {}

    /** Where spans go, null for nowhere; {@code queue}: spans that wait to be sent. */
    public record Tracing(@Nullable String endpoint, int queue) {}

    /** What single users and databases have instead of what holds for all. */
    public record Overrides(Map<String, Map<Tunable, Object>> users, Map<String, Map<Tunable, Object>> databases) {
        public Overrides {
            users = Map.copyOf(users);
            databases = Map.copyOf(databases);
        }

        /** The user's own value, else the database's, else null. */
        @Nullable
        Object find(Tunable tunable, String database, String user) {
            Object own = ofUser(tunable, user);
            return own == null ? ofDatabase(tunable, database) : own;
        }

        @Nullable
        Object ofUser(Tunable tunable, String user) {
            return users.getOrDefault(user, Map.of()).get(tunable);
        }

        /** That of its entry, or of the one for any name. */
        @Nullable
        Object ofDatabase(Tunable tunable, String database) {
            Map<Tunable, Object> any = databases.getOrDefault(DatabaseConfig.ANY, Map.of());
            return databases.getOrDefault(database, any).get(tunable);
        }
    }
}

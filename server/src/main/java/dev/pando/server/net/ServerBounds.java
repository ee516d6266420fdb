package dev.pando.server.net;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tunable;
import dev.pando.core.pool.Allowance;
import dev.pando.core.topology.Address;
import dev.pando.server.admin.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** How many server connections pools of all loops may have together: of each pool, each database and each user. Used by all loops. */
final class ServerBounds {
    private static final int ANY_NUMBER = Integer.MAX_VALUE / 2;

    private final Allowance allowance = new Allowance();
    private final Map<Scope, Allowance.Bound> bounds = new HashMap<>();
    private PandoConfig config;

    /** What a bound is of. */
    private sealed interface Scope {
        record OfPool(Place place, String user) implements Scope {}

        record OfDatabase(Place place) implements Scope {}

        /** A server is protected, whatever databases lead to it. */
        record OfUser(Address server, String user) implements Scope {}
    }

    private record Limit(String setting, int connections, int reserve) {}

    ServerBounds(PandoConfig config) {
        this.config = config;
    }

    /** A new pool's share. */
    synchronized Allowance.Share share(Place place, Address server, String user, Executor loop) {
        return allowance.share(
                List.of(
                        bound(new Scope.OfPool(place, user)),
                        bound(new Scope.OfUser(server, user)),
                        bound(new Scope.OfDatabase(place))),
                loop);
    }

    private Allowance.Bound bound(Scope scope) {
        return bounds.computeIfAbsent(scope, missing -> {
            Limit limit = limit(missing);
            return new Allowance.Bound(limit.setting(), limit.connections(), limit.reserve());
        });
    }

    synchronized void reconfigure(PandoConfig next) {
        config = next;
        bounds.values().removeIf(allowance::unused);
        bounds.forEach((scope, bound) -> {
            Limit limit = limit(scope);
            allowance.limit(bound, limit.connections(), limit.reserve());
        });
    }

    private Limit limit(Scope scope) {
        return switch (scope) {
            case Scope.OfPool(Place place, String user) ->
                new Limit(
                        "pool.size",
                        config.count(Tunable.POOL_SIZE, place.database(), user),
                        config.count(Tunable.RESERVE_POOL_SIZE, place.database(), user));
            case Scope.OfDatabase(Place place) ->
                new Limit(
                        "pool.max_database_connections",
                        orAny(config.limitOfDatabase(Tunable.MAX_CONNECTIONS, place.database())),
                        0);
            case Scope.OfUser(Address server, String user) ->
                new Limit("pool.max_user_connections", orAny(config.limitOfUser(Tunable.MAX_CONNECTIONS, user)), 0);
        };
    }

    private static int orAny(int limit) {
        return limit == 0 ? ANY_NUMBER : limit;
    }

    /** The pools of a database that is forgotten are no more. */
    synchronized void left(Collection<Allowance.Share> shares) {
        shares.forEach(Allowance.Share::leave);
        bounds.values().removeIf(allowance::unused);
    }
}

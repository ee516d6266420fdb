package dev.pando.server.http;

import dev.pando.server.admin.AdminView;
import dev.pando.server.admin.AdminView.PoolView;
import dev.pando.server.admin.ShardTotals;
import dev.pando.server.control.FleetStats;
import dev.pando.server.control.FleetStats.ServerStats;
import dev.pando.server.control.FleetStats.ShardStats;
import dev.pando.server.control.FleetStats.TablePart;
import dev.pando.server.control.FleetStats.TableStats;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code GET /api/v1/shards/stats}; docs/http.md describes it. Keys are in snake case. What a server that is down would have
 * told is null, never zero.
 *
 * @param at when the servers were asked, ISO 8601
 */
public record StatsReport(
        String at,
        long tookMillis,
        long epoch,
        long uptimeSeconds,
        int clients,
        List<Shard> shards,
        List<Table> tables) {

    /** One shard; rows, bytes and shares are of all sharded tables, and {@code tables} is in the order of the report's tables. */
    public record Shard(
            int id,
            String name,
            Server primary,
            List<Server> replicas,
            @Nullable Long databaseBytes,
            @Nullable Long rows,
            @Nullable Long bytes,
            @Nullable Double rowShare,
            @Nullable Double keyShare,
            @Nullable Pool pool,
            @Nullable Upkeep upkeep,
            List<Part> tables) {}

    /** What the shard's primary tells of itself; {@code connections} are those of the whole server. */
    public record Upkeep(long blocksHit, long blocksRead, long deadRows, int connections, int maxConnections) {
        static @Nullable Upkeep of(FleetStats.@Nullable DatabaseStats stats) {
            return stats == null
                    ? null
                    : new Upkeep(
                            stats.blocksHit(),
                            stats.blocksRead(),
                            stats.deadRows(),
                            stats.connections(),
                            stats.maxConnections());
        }
    }

    /**
     * One server.
     *
     * @param state {@code up}, {@code down}, {@code lagging} for a standby that is behind, or {@code unexpected} for a standby that takes
     *     writes or a primary that does not
     */
    public record Server(
            String address,
            String state,
            @Nullable String error,
            @Nullable String walPosition,
            @Nullable Long lagBytes,
            @Nullable Long replayLagMillis) {}

    /** Server connections from Pando to the shard's primary. */
    public record Pool(int size, int leased, int idle, int waiting, long oldestWaitMillis, boolean paused) {}

    /** What one shard holds of a table; shares are parts of 1. */
    public record Part(
            String table,
            @Nullable Long rows,
            boolean rowsEstimated,
            @Nullable Long bytes,
            @Nullable Double keyShare,
            @Nullable Double rowShare) {}

    /** A declared table; {@code rows} and {@code bytes} over all shards, a reference table's rows counted once. */
    public record Table(
            String name,
            String placement,
            @Nullable String group,
            @Nullable String function,
            @Nullable Long rows,
            @Nullable Long bytes) {}

    public static StatsReport of(AdminView view, boolean exact) {
        FleetStats fleet = view.fleet(exact);
        String database = view.config().database();
        List<PoolView> pools = view.pools().stream()
                .filter(pool -> pool.place().database().equals(database))
                .toList();
        return new StatsReport(
                fleet.at().toString(),
                fleet.took().toMillis(),
                fleet.epoch(),
                view.uptime().toSeconds(),
                view.clients().size(),
                fleet.shards().stream().map(shard -> shard(shard, fleet, pools)).toList(),
                fleet.tables().stream().map(StatsReport::table).toList());
    }

    private static Shard shard(ShardStats shard, FleetStats fleet, List<PoolView> pools) {
        ShardTotals totals = ShardTotals.of(fleet, shard.id());
        Pool pool = pools.stream()
                .filter(candidate -> candidate.place().shard().equals(shard.id()))
                .map(found -> new Pool(
                        found.size(),
                        found.counts().leased(),
                        found.counts().idle(),
                        found.counts().waiting(),
                        TimeUnit.NANOSECONDS.toMillis(found.counts().oldestWaitNanos()),
                        found.paused()))
                .findFirst()
                .orElse(null);
        List<Part> parts = new ArrayList<>();
        for (TableStats table : fleet.tables()) {
            for (TablePart part : table.parts()) {
                if (part.shard().equals(shard.id())) {
                    parts.add(part(table, part));
                }
            }
        }
        return new Shard(
                shard.id().index(),
                shard.name(),
                server(shard.primary(), false),
                shard.replicas().stream().map(replica -> server(replica, true)).toList(),
                number(shard.databaseBytes()),
                number(totals.rows()),
                number(totals.bytes()),
                number(totals.rowShare()),
                number(totals.keyShare()),
                pool,
                Upkeep.of(shard.size()),
                parts);
    }

    private static Server server(ServerStats server, boolean standby) {
        return new Server(
                server.address().toString(),
                state(server, standby),
                server.error(),
                server.walPosition(),
                number(server.lagBytes()),
                server.replayLag() == null ? null : server.replayLag().toMillis());
    }

    private static String state(ServerStats server, boolean standby) {
        if (!server.up()) {
            return "down";
        }
        if (server.inRecovery() != standby) {
            return "unexpected";
        }
        return server.lagBytes().orElse(0) > 0 ? "lagging" : "up";
    }

    private static Part part(TableStats table, TablePart part) {
        return new Part(
                name(table),
                number(part.rows()),
                part.estimated(),
                number(part.bytes()),
                number(part.keyShare()),
                number(part.rowShare()));
    }

    private static Table table(TableStats table) {
        Long rows = sum(table.parts().stream().map(TablePart::rows).toList());
        boolean everywhere = table.placement().equals("reference");
        if (everywhere && rows != null && !table.parts().isEmpty()) {
            rows = number(table.parts().getFirst().rows());
        }
        return new Table(
                name(table),
                table.placement(),
                table.group(),
                table.function(),
                rows,
                sum(table.parts().stream().map(TablePart::bytes).toList()));
    }

    private static String name(TableStats table) {
        return table.table().schema().equals("public")
                ? table.table().name()
                : table.table().toString();
    }

    private static @Nullable Long sum(List<OptionalLong> numbers) {
        long sum = 0;
        for (OptionalLong number : numbers) {
            if (number.isEmpty()) {
                return null;
            }
            sum += number.getAsLong();
        }
        return sum;
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    private static @Nullable Double number(OptionalDouble number) {
        return number.isPresent() ? (Double) number.getAsDouble() : null;
    }
}

package dev.pando.server.admin;

import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminView.PoolView;
import dev.pando.server.control.FleetStats;
import dev.pando.server.control.FleetStats.ServerStats;
import dev.pando.server.control.FleetStats.ShardStats;
import dev.pando.server.control.FleetStats.TablePart;
import dev.pando.server.control.FleetStats.TableStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the admin console shows of shards and tables. */
final class AdminTables {
    private static final List<String> SHARDS = List.of(
            "shard",
            "role",
            "address",
            "state",
            "wal",
            "lag_bytes",
            "database_bytes",
            "rows",
            "bytes",
            "row_share",
            "key_share",
            "pool_size",
            "leased",
            "idle",
            "waiting");

    private final AdminView view;

    AdminTables(AdminView view) {
        this.view = view;
    }

    AdminResult shards() {
        FleetStats fleet = view.fleet(false);
        List<PoolView> pools = sharded(view);
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (ShardStats shard : fleet.shards()) {
            rows.add(primary(shard, ShardTotals.of(fleet, shard.id()), pools));
            shard.replicas().forEach(replica -> rows.add(replica(shard, replica)));
        }
        return AdminResult.of(SHARDS, rows);
    }

    /** The pools of the sharded database. */
    private static List<PoolView> sharded(AdminView view) {
        String name = view.config().database();
        return view.pools().stream()
                .filter(pool ->
                        view.config().sharded() && pool.place().database().equals(name))
                .toList();
    }

    private static List<@Nullable String> primary(ShardStats shard, ShardTotals totals, List<PoolView> pools) {
        List<@Nullable String> row = new ArrayList<>(row(
                shard.name(),
                "primary",
                shard.primary().address().toString(),
                state(shard.primary()),
                shard.primary().walPosition(),
                null,
                number(shard.databaseBytes()),
                number(totals.rows()),
                number(totals.bytes()),
                percent(totals.rowShare()),
                percent(totals.keyShare())));
        pools.stream()
                .filter(pool -> pool.place().shard().equals(shard.id()))
                .findFirst()
                .ifPresent(pool -> row.addAll(row(
                        number(pool.size()),
                        number(pool.counts().leased()),
                        number(pool.counts().idle()),
                        number(pool.counts().waiting()))));
        return filled(row);
    }

    private static List<@Nullable String> replica(ShardStats shard, ServerStats replica) {
        return filled(new ArrayList<>(row(
                shard.name(),
                "replica",
                replica.address().toString(),
                state(replica),
                replica.walPosition(),
                number(replica.lagBytes()))));
    }

    /** What is not said of a server is NULL. */
    private static List<@Nullable String> filled(List<@Nullable String> row) {
        while (row.size() < SHARDS.size()) {
            row.add(null);
        }
        return row;
    }

    AdminResult tables(boolean exact) {
        FleetStats fleet = view.fleet(exact);
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (TableStats table : fleet.tables()) {
            for (TablePart part : table.parts()) {
                rows.add(row(
                        table.table().toString(),
                        table.placement(),
                        table.group(),
                        table.function(),
                        shardName(fleet, part.shard()),
                        number(part.rows()),
                        part.estimated() ? "t" : "f",
                        number(part.bytes()),
                        percent(part.rowShare()),
                        percent(part.keyShare())));
            }
        }
        return AdminResult.of(
                List.of(
                        "table",
                        "placement",
                        "group",
                        "function",
                        "shard",
                        "rows",
                        "estimated",
                        "bytes",
                        "row_share",
                        "key_share"),
                rows);
    }

    private static String shardName(FleetStats fleet, ShardId id) {
        return fleet.shards().stream()
                .filter(shard -> shard.id().equals(id))
                .map(ShardStats::name)
                .findFirst()
                .orElseGet(id::toString);
    }

    private static String state(ServerStats server) {
        return server.up() ? "up" : "down" + (server.error() == null ? "" : ": " + server.error());
    }

    private static String number(long number) {
        return Long.toString(number);
    }

    private static @Nullable String number(OptionalLong number) {
        return number.isPresent() ? number(number.getAsLong()) : null;
    }

    private static @Nullable String percent(OptionalDouble share) {
        return share.isPresent() ? String.format(Locale.ROOT, "%.2f %%", 100 * share.getAsDouble()) : null;
    }

    private static List<@Nullable String> row(@Nullable String... values) {
        return Arrays.asList(values);
    }
}

package dev.pando.server.admin;

import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminView.BackendView;
import dev.pando.server.admin.AdminView.ClientView;
import dev.pando.server.admin.AdminView.PoolView;
import dev.pando.server.admin.AdminView.TrafficView;
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

/** The answers of the admin console, one method per command. */
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
        List<PoolView> pools = view.pools();
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (ShardStats shard : fleet.shards()) {
            rows.add(primary(shard, ShardTotals.of(fleet, shard.id()), pools));
            shard.replicas().forEach(replica -> rows.add(replica(shard, replica)));
        }
        return AdminResult.of(SHARDS, rows);
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
                .filter(pool -> pool.shard().equals(shard.id()))
                .findFirst()
                .ifPresent(pool -> row.addAll(
                        row(number(pool.size()), number(pool.leased()), number(pool.idle()), number(pool.waiting()))));
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

    AdminResult pools() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (PoolView pool : view.pools()) {
            rows.add(row(
                    shardName(pool.shard()),
                    number(pool.size()),
                    number(pool.leased()),
                    number(pool.idle()),
                    number(pool.waiting()),
                    number(pool.oldestWait().toMillis())));
        }
        return AdminResult.of(List.of("shard", "size", "leased", "idle", "waiting", "oldest_wait_ms"), rows);
    }

    AdminResult clients() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (ClientView client : view.clients()) {
            rows.add(row(
                    number(client.id()),
                    client.user(),
                    client.database(),
                    client.application(),
                    client.address(),
                    client.state(),
                    number(client.connected().toSeconds()),
                    number(client.preparedStatements())));
        }
        return AdminResult.of(
                List.of(
                        "id",
                        "user",
                        "database",
                        "application",
                        "address",
                        "state",
                        "connected_s",
                        "prepared_statements"),
                rows);
    }

    AdminResult servers() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (BackendView backend : view.backends()) {
            rows.add(row(
                    shardName(backend.shard()),
                    backend.address().toString(),
                    backend.user(),
                    number(backend.processId()),
                    backend.state(),
                    backend.client() == null ? null : number(backend.client()),
                    number(backend.connected().toSeconds())));
        }
        return AdminResult.of(List.of("shard", "address", "user", "pid", "state", "client", "connected_s"), rows);
    }

    AdminResult stats() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (TrafficView traffic : view.traffic()) {
            rows.add(row(
                    shardName(traffic.shard()),
                    number(traffic.transactions()),
                    number(traffic.statements()),
                    number(traffic.errors()),
                    number(traffic.sent()),
                    number(traffic.received()),
                    number(traffic.waited().toMillis())));
        }
        return AdminResult.of(
                List.of("shard", "transactions", "statements", "errors", "sent_bytes", "received_bytes", "waited_ms"),
                rows);
    }

    AdminResult config() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        ConfigPrinter.entries(view.config())
                .forEach(entry -> rows.add(row(entry.key(), entry.value(), entry.standard())));
        return AdminResult.of(List.of("key", "value", "default"), rows);
    }

    private static String shardName(FleetStats fleet, ShardId id) {
        return fleet.shards().stream()
                .filter(shard -> shard.id().equals(id))
                .map(ShardStats::name)
                .findFirst()
                .orElseGet(id::toString);
    }

    private String shardName(ShardId id) {
        var shards = view.config().shards();
        return id.index() < shards.size() ? shards.get(id.index()).name() : id.toString();
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

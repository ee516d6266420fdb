package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.terminal.TextTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A table's rows, counted on each server by a connection of its own: what each primary and each replica holds, not what the endpoint says.
 */
record FleetCounts(String table, List<ShardCount> shards) {
    FleetCounts {
        shards = List.copyOf(shards);
    }

    /**
     * @param rows -1 when the server could not be asked, {@code error} says why
     * @param caughtUp whether a replica had replayed the primary's WAL when it counted; true for a primary
     */
    record ServerCount(
            String role,
            String address,
            long rows,
            boolean caughtUp,
            @Nullable String error) {
        boolean counted() {
            return error == null;
        }
    }

    record ShardCount(String name, ServerCount primary, List<ServerCount> replicas) {
        ShardCount {
            replicas = List.copyOf(replicas);
        }

        boolean replicasEqual() {
            return primary.counted()
                    && replicas.stream().allMatch(replica -> replica.counted() && replica.rows() == primary.rows());
        }
    }

    /** Asks every server; replicas after they have replayed what their primary had written, at most {@code catchUp} long. */
    static FleetCounts count(Fleet fleet, PostgresUrl login, String table, Duration catchUp)
            throws InterruptedException {
        List<ShardCount> shards = new ArrayList<>();
        for (Fleet.Shard shard : fleet.shards()) {
            shards.add(new Counter(login, table, catchUp).shard(shard));
        }
        return new FleetCounts(table, shards);
    }

    private record Counter(PostgresUrl login, String table, Duration catchUp) {
        ShardCount shard(Fleet.Shard shard) throws InterruptedException {
            List<ServerCount> replicas = new ArrayList<>();
            String position = null;
            ServerCount primary;
            try (Connection connection = at(shard.primary()).connect()) {
                long rows = rows(connection);
                // Asked after counting, and only where a replica has to reach it: a pooler would not know whose
                // position is meant.
                position = shard.replicas().isEmpty()
                        ? null
                        : BenchTables.Sql.text(connection, "SELECT pg_current_wal_lsn()");
                primary = new ServerCount("primary", shard.primary().toString(), rows, true, null);
            } catch (SQLException e) {
                primary = failed("primary", shard.primary(), e);
            }
            for (Fleet.Server replica : shard.replicas()) {
                replicas.add(replica(replica, position));
            }
            return new ShardCount(shard.name(), primary, replicas);
        }

        private ServerCount replica(Fleet.Server server, @Nullable String position) throws InterruptedException {
            try (Connection connection = at(server).connect()) {
                boolean caughtUp = position != null && caughtUp(connection, position);
                return new ServerCount("replica", server.toString(), rows(connection), caughtUp, null);
            } catch (SQLException e) {
                return failed("replica", server, e);
            }
        }

        private boolean caughtUp(Connection replica, String position) throws SQLException, InterruptedException {
            long deadline = System.nanoTime() + catchUp.toNanos();
            String question = "SELECT coalesce(pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn, false)::int";
            while (BenchTables.Sql.number(replica, question) == 0) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return true;
        }

        private PostgresUrl at(Fleet.Server server) {
            return new PostgresUrl(login.user(), login.password(), server.host(), server.port(), login.database());
        }

        private long rows(Connection connection) throws SQLException {
            return BenchTables.Sql.number(connection, "SELECT count(*) FROM " + table);
        }

        private static ServerCount failed(String role, Fleet.Server server, SQLException e) {
            return new ServerCount(role, server.toString(), -1, false, Lines.first(e));
        }
    }

    /** Rows on the primaries that could be asked. */
    @JsonProperty
    long rows() {
        return shards.stream()
                .filter(shard -> shard.primary().counted())
                .mapToLong(shard -> shard.primary().rows())
                .sum();
    }

    @JsonProperty
    boolean complete() {
        return shards.stream()
                .allMatch(shard ->
                        shard.primary().counted() && shard.replicas().stream().allMatch(ServerCount::counted));
    }

    @JsonProperty
    boolean replicasEqual() {
        return shards.stream().allMatch(ShardCount::replicasEqual);
    }

    /** Largest shard ÷ smallest; empty when one could not be counted or is empty. */
    OptionalDouble spread() {
        if (shards.stream().anyMatch(shard -> shard.primary().rows() <= 0)) {
            return OptionalDouble.empty();
        }
        var rows = shards.stream().mapToLong(shard -> shard.primary().rows()).summaryStatistics();
        return OptionalDouble.of((double) rows.getMax() / rows.getMin());
    }

    @JsonProperty("largest_to_smallest")
    @Nullable
    Double spreadOrNull() {
        OptionalDouble spread = spread();
        return spread.isPresent() ? spread.getAsDouble() : null;
    }

    /** A line for each server. */
    String render() {
        TextTable lines = new TextTable("shard", "share", "server", "role", table, "");
        lines.leftAlign(0, 2, 3, 5);
        long all = Math.max(1, rows());
        for (ShardCount shard : shards) {
            ServerCount primary = shard.primary();
            String share = primary.counted() ? String.format(Locale.ROOT, "%.2f %%", 100.0 * primary.rows() / all) : "";
            lines.row(shard.name(), share, primary.address(), primary.role(), rows(primary), note(primary, primary));
            for (ServerCount replica : shard.replicas()) {
                lines.row("", "", replica.address(), replica.role(), rows(replica), note(replica, primary));
            }
        }
        return lines.render();
    }

    private static String rows(ServerCount count) {
        return count.counted() ? String.format(Locale.ROOT, "%,d", count.rows()) : "not counted";
    }

    private static String note(ServerCount count, ServerCount primary) {
        if (count.error() != null) {
            return count.error();
        }
        if (count.role().equals("primary")) {
            return "";
        }
        String equal = primary.counted() ? count.rows() == primary.rows() ? "equal" : "DIFFERS" : "";
        return count.caughtUp() ? equal : equal + ", still behind its primary";
    }
}

package dev.pando.server.control;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one server told {@link StatisticsCollector}.
 *
 * @param error why it is down; null when it is up
 * @param position in the WAL, as PostgreSQL prints an LSN; null when it is down
 * @param lag of a standby, null when it cannot tell or is none
 * @param parts what it holds of the tables asked for
 */
record ServerAnswer(
        @Nullable String error,
        boolean inRecovery,
        @Nullable String position,
        @Nullable Duration lag,
        FleetStats.@Nullable DatabaseStats database,
        List<Part> parts) {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAnswer.class);
    private static final int SOCKET_SECONDS = 2;

    ServerAnswer {
        parts = List.copyOf(parts);
    }

    /**
     * What it holds of a table.
     *
     * @param place of the table among those asked for
     */
    record Part(int place, OptionalLong estimate, OptionalLong bytes) {
        static final Part UNKNOWN = new Part(-1, OptionalLong.empty(), OptionalLong.empty());
    }

    static ServerAnswer down(String error) {
        return new ServerAnswer(error, false, null, null, null, List.of());
    }

    boolean up() {
        return error == null;
    }

    /** Never throws: a server that cannot be asked is down. */
    static ServerAnswer of(FleetConnections fleet, Address address, List<TableName> tables) {
        try (Connection connection = fleet.open(address, SOCKET_SECONDS, SOCKET_SECONDS)) {
            Sql.execute(connection, StatisticsSql.LIMITS);
            ServerAnswer server = Sql.one(connection, StatisticsSql.SERVER, row -> {
                long millis = row.getLong("lag_millis");
                Duration lag = row.wasNull() ? null : Duration.ofMillis(Math.max(millis, 0));
                return new ServerAnswer(
                        null, row.getBoolean("in_recovery"), row.getString("position"), lag, null, List.of());
            });
            return tables.isEmpty() && server.inRecovery() ? server : server.withSizes(connection, tables);
        } catch (SQLException e) {
            return down(String.valueOf(e.getMessage()));
        }
    }

    /** A table that is locked for long leaves the sizes out; the server is up all the same. */
    private ServerAnswer withSizes(Connection connection, List<TableName> tables) {
        try {
            FleetStats.DatabaseStats whole = Sql.one(
                    connection,
                    StatisticsSql.DATABASE,
                    row -> new FleetStats.DatabaseStats(
                            row.getLong("bytes"),
                            row.getLong("blks_hit"),
                            row.getLong("blks_read"),
                            row.getLong("dead_rows"),
                            row.getInt("connections"),
                            row.getInt("max_connections")));
            List<Part> found = Sql.rows(
                    connection,
                    StatisticsSql.TABLES,
                    row -> new Part(
                            row.getInt("place"),
                            row.getBoolean("known") ? OptionalLong.of(row.getLong("estimate")) : OptionalLong.empty(),
                            OptionalLong.of(row.getLong("bytes"))),
                    tables.stream().map(TableName::schema).toList(),
                    tables.stream().map(TableName::name).toList());
            return new ServerAnswer(error, inRecovery, position, lag, whole, found);
        } catch (SQLException e) {
            LOG.debug("sizes are not known: {}", e.getMessage());
            return this;
        }
    }

    /** Rows of each table; absent where counting failed or lasted too long. Never throws. */
    static List<OptionalLong> count(FleetConnections fleet, Address address, List<TableName> tables, Duration limit) {
        List<OptionalLong> counts = new ArrayList<>();
        try (Connection connection = fleet.open(address, SOCKET_SECONDS, (int) limit.toSeconds())) {
            Sql.execute(connection, StatisticsSql.LIMITS);
            Sql.execute(connection, "SET statement_timeout = " + limit.toMillis());
            for (TableName table : tables) {
                counts.add(count(connection, table));
            }
        } catch (SQLException e) {
            LOG.debug("{} does not count: {}", address, e.getMessage());
        }
        return counts;
    }

    private static OptionalLong count(Connection connection, TableName table) {
        try {
            return OptionalLong.of(
                    Sql.one(connection, StatisticsSql.count(Declarations.quoted(table)), row -> row.getLong("n")));
        } catch (SQLException e) {
            LOG.debug("{} is not counted: {}", table, e.getMessage());
            return OptionalLong.empty();
        }
    }

    /**
     * For the report.
     *
     * @param primary of a standby; null for a primary
     */
    FleetStats.ServerStats stats(Address address, @Nullable ServerAnswer primary) {
        OptionalLong behind = OptionalLong.empty();
        if (primary != null && primary.position != null && position != null && inRecovery) {
            long ahead = LogSequenceNumber.valueOf(primary.position).asLong()
                    - LogSequenceNumber.valueOf(position).asLong();
            behind = OptionalLong.of(Math.max(ahead, 0));
        }
        return new FleetStats.ServerStats(address, up(), error, inRecovery, position, behind, lag);
    }
}

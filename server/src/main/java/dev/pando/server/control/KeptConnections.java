package dev.pando.server.control;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections for what is read again and again, such as the catalog after each of a migration's statements: a new server process costs more
 * than the reading. One at most is kept for each shard, until {@link #close}; whoever keeps reading closes them when it has been quiet.
 */
final class KeptConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptConnections.class);
    private static final String ENDED_BY_SERVER = "57P";
    private static final String LOST = "08";

    private final FleetConnections fleet;
    private final Map<ShardId, Kept> kept = new HashMap<>();

    KeptConnections(FleetConnections fleet) {
        this.fleet = fleet;
    }

    /** A connection, and the server it leads to: after a failover the shard's primary is another. */
    private record Kept(Connection connection, Address address) {}

    /** Something that may be read twice, if a connection turns out to be gone. */
    @FunctionalInterface
    interface Reading<T> {
        T from(Connection connection) throws SQLException;
    }

    <T> T read(ShardId shard, Reading<T> reading) throws SQLException {
        Address primary = fleet.topology().shard(shard).primary();
        Connection before = take(shard, primary);
        if (before != null) {
            try {
                return read(new Kept(before, primary), shard, reading);
            } catch (SQLException e) {
                if (!lost(e)) {
                    throw e;
                }
                LOG.debug("the connection to {} was gone: {}", primary, e.getMessage());
            }
        }
        return read(new Kept(fleet.open(shard), primary), shard, reading);
    }

    private <T> T read(Kept with, ShardId shard, Reading<T> reading) throws SQLException {
        boolean done = false;
        try {
            T result = reading.from(with.connection);
            done = true;
            return result;
        } finally {
            if (done) {
                give(shard, with);
            } else {
                close(with.connection);
            }
        }
    }

    private static boolean lost(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith(LOST) || state.startsWith(ENDED_BY_SERVER));
    }

    private synchronized @Nullable Connection take(ShardId shard, Address primary) {
        Kept found = kept.remove(shard);
        if (found == null || found.address.equals(primary)) {
            return found == null ? null : found.connection;
        }
        close(found.connection);
        return null;
    }

    private synchronized void give(ShardId shard, Kept back) {
        Kept other = kept.put(shard, back);
        if (other != null) {
            close(other.connection);
        }
    }

    /** Those kept; later readings open new ones. */
    @Override
    public synchronized void close() {
        kept.values().forEach(each -> close(each.connection));
        kept.clear();
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection did not close: {}", e.getMessage());
        }
    }
}

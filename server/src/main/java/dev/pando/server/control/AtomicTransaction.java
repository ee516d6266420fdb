package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction over home and other shards, on JDBC, for one thread. {@link #commit} is {@link #prepare}, {@link #decide}, {@link #finish};
 * they are apart so that tests can kill servers in between. Closing without a decision rolls everything back.
 */
final class AtomicTransaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AtomicTransaction.class);
    private static final String NO_SUCH_PREPARED = "42704";
    private static final String NOT_ENABLED = "55000";

    private final TwoPhase coordinator;
    private final String gid;
    private final Map<ShardId, Connection> connections;
    private final Set<ShardId> prepared = new HashSet<>();
    private State state = State.OPEN;

    private enum State {
        OPEN,
        PREPARED,
        COMMITTED,
        ABORTED,
        IN_DOUBT
    }

    private AtomicTransaction(TwoPhase coordinator, String gid, Map<ShardId, Connection> connections) {
        this.coordinator = coordinator;
        this.gid = gid;
        this.connections = connections;
    }

    static AtomicTransaction begin(TwoPhase coordinator, FleetConnections fleet, Collection<ShardId> shards) {
        Set<ShardId> all = new TreeSet<>(shards);
        all.add(ShardId.HOME);
        AtomicTransaction transaction = new AtomicTransaction(coordinator, coordinator.newGid(), new LinkedHashMap<>());
        try {
            for (ShardId shard : all) {
                Connection connection = fleet.open(shard);
                transaction.connections.put(shard, connection);
                connection.setAutoCommit(false);
                Sql.execute(connection, "SET LOCAL lock_timeout = '5s'");
            }
            return transaction;
        } catch (SQLException e) {
            transaction.close();
            throw PandoException.causedBy(e, PandoError.SHARD_LOST, "?", String.valueOf(e.getMessage()));
        } catch (PandoException e) {
            transaction.close();
            throw e;
        }
    }

    String gid() {
        return gid;
    }

    Connection home() {
        return on(ShardId.HOME);
    }

    Connection on(ShardId shard) {
        Connection connection = connections.get(shard);
        if (connection == null) {
            throw new IllegalArgumentException(shard + " takes no part");
        }
        return connection;
    }

    Set<ShardId> shards() {
        return connections.keySet();
    }

    void commit() throws SQLException {
        prepare();
        decide();
        finish();
    }

    /** All but home promise to be able to commit. */
    void prepare() throws SQLException {
        for (ShardId shard : connections.keySet()) {
            if (shard.equals(ShardId.HOME)) {
                continue;
            }
            // Marked before the answer: a lost answer may hide a prepared transaction.
            prepared.add(shard);
            try {
                Sql.execute(on(shard), TwoPhase.prepareSql(gid));
                on(shard).setAutoCommit(true);
            } catch (SQLException e) {
                if (NOT_ENABLED.equals(e.getSQLState())) {
                    prepared.remove(shard);
                    throw PandoException.causedBy(e, PandoError.TWO_PHASE_DISABLED, shard.index());
                }
                throw e;
            }
        }
        state = State.PREPARED;
    }

    /** Commits home: from here on the whole is committed, whatever happens. */
    void decide() throws SQLException {
        try {
            if (!prepared.isEmpty()) {
                Sql.rows(home(), TwoPhase.decisionSql(gid), row -> 0);
            }
            state = State.IN_DOUBT;
            home().commit();
            state = State.COMMITTED;
        } catch (SQLException e) {
            if (state != State.IN_DOUBT || prepared.isEmpty()) {
                state = State.PREPARED;
                throw e;
            }
            if (coordinator.outcome(gid) == TwoPhase.Outcome.ABORTED) {
                state = State.PREPARED;
                throw e;
            }
            state = State.COMMITTED;
        }
    }

    /** Commits what was prepared; what cannot be reached is left to recovery. */
    void finish() {
        for (ShardId shard : prepared) {
            try {
                Sql.execute(on(shard), TwoPhase.commitPreparedSql(gid));
            } catch (SQLException e) {
                if (!NO_SUCH_PREPARED.equals(e.getSQLState())) {
                    LOG.warn("transaction {} is committed, {} will follow: {}", gid, shard, e.getMessage());
                    coordinator.nudge();
                }
            }
        }
        prepared.clear();
    }

    @Override
    public void close() {
        switch (state) {
            case OPEN, PREPARED -> abort();
            case IN_DOUBT -> coordinator.abandon(gid);
            case COMMITTED, ABORTED -> {}
        }
        for (Map.Entry<ShardId, Connection> entry : connections.entrySet()) {
            try {
                entry.getValue().close();
            } catch (SQLException e) {
                LOG.debug("closing the connection to {}: {}", entry.getKey(), e.getMessage());
            }
        }
    }

    private void abort() {
        for (Map.Entry<ShardId, Connection> entry : connections.entrySet()) {
            ShardId shard = entry.getKey();
            Connection connection = entry.getValue();
            try {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                if (prepared.contains(shard)) {
                    connection.setAutoCommit(true);
                    Sql.execute(connection, TwoPhase.rollbackPreparedSql(gid));
                }
            } catch (SQLException e) {
                if (!NO_SUCH_PREPARED.equals(e.getSQLState()) && prepared.contains(shard)) {
                    LOG.warn("transaction {} is aborted, {} will follow: {}", gid, shard, e.getMessage());
                    coordinator.abandon(gid);
                }
            }
        }
        state = State.ABORTED;
    }
}

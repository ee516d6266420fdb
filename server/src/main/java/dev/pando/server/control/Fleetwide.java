package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Changes of the shard map: one at a time in the whole fleet, each one atomic over all shards, each with a new epoch. */
final class Fleetwide {
    private final FleetConnections fleet;
    private final TwoPhase coordinator;

    Fleetwide(FleetConnections fleet, TwoPhase coordinator) {
        this.fleet = fleet;
        this.coordinator = coordinator;
    }

    @FunctionalInterface
    interface Change<T> {
        T apply(AtomicTransaction transaction, Metadata metadata) throws SQLException;
    }

    /** Runs the change with the shard map as it is now, and commits it everywhere, or nowhere. */
    <T> T change(String what, Change<T> change) {
        try (AtomicTransaction transaction = coordinator.begin(fleet.shards())) {
            Connection home = transaction.home();
            Sql.rows(home, "SELECT pg_advisory_xact_lock(?)", row -> 0, MetadataSchema.ADVISORY_LOCK);
            T result = change.apply(transaction, MetadataStore.load(home, fleet.shardCount()));
            MetadataStore.advanceEpoch(home);
            transaction.commit();
            return result;
        } catch (SQLException e) {
            throw failed(what, e);
        }
    }

    /** Reads from home in auto-commit. */
    <T> T read(String what, HomeReader<T> reader) {
        try (Connection home = fleet.home()) {
            return reader.read(home);
        } catch (SQLException e) {
            throw failed(what, e);
        }
    }

    @FunctionalInterface
    interface HomeReader<T> {
        T read(Connection home) throws SQLException;
    }

    FleetConnections fleet() {
        return fleet;
    }

    List<ShardId> shards() {
        return fleet.shards();
    }

    static PandoException failed(String what, SQLException e) {
        return PandoException.causedBy(e, PandoError.DISTRIBUTE_FAILED, what, String.valueOf(e.getMessage()));
    }
}

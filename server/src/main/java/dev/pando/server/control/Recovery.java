package dev.pando.server.control;

import dev.pando.base.error.PandoException;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes prepared transactions of Pando that their coordinator left behind, its own and other nodes'. Several nodes may do so at once:
 * whoever comes second finds nothing. Foreign prepared transactions are not touched. Used by one thread at a time.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final String NO_SUCH_PREPARED = "42704";
    /** Longer than a standby that is promoted may lag: its prepared transactions may come back. */
    private static final String KEEP_COMMITS = "1 hour";
    /** Much longer than {@code pando.decide()} accepts a transaction, so that no coordinator can outlive the record that it was given up. */
    private static final String KEEP_ABORTS = "3 days";

    private final FleetConnections fleet;
    private final TwoPhase coordinator;
    private final Duration patience;
    private final BooleanSupplier alone;

    /**
     * @param patience how long an undecided transaction of a coordinator that may be alive is left alone
     * @param alone whether no living node but this one has its name, so that what is not of this life is of an earlier one
     */
    public Recovery(FleetConnections fleet, TwoPhase coordinator, Duration patience, BooleanSupplier alone) {
        this.fleet = fleet;
        this.coordinator = coordinator;
        this.patience = patience;
        this.alone = alone;
    }

    /**
     * What one run did.
     *
     * @param waiting undecided ones left alone for now
     * @param unreachable shards that could not be asked
     */
    public record Report(int committed, int rolledBack, int waiting, Set<ShardId> unreachable) {
        public Report {
            unreachable = Set.copyOf(unreachable);
        }
    }

    private record Pending(ShardId shard, Gid gid, Duration age) {}

    /** Looks at all shards once. A shard that is down is skipped and reported; without home nothing can be done. */
    public Report run() {
        try (Connection home = fleet.home()) {
            Sql.execute(home, "SET lock_timeout = '2s'");
            List<String> old = oldDecisions(home);
            Set<ShardId> unreachable = new HashSet<>();
            List<Pending> pending = new ArrayList<>();
            for (ShardId shard : fleet.shards()) {
                try {
                    pending.addAll(pendingOn(shard));
                } catch (SQLException | PandoException e) {
                    LOG.debug("{} cannot be asked for prepared transactions: {}", shard, e.getMessage());
                    unreachable.add(shard);
                }
            }
            Report report = finish(home, pending, unreachable);
            if (report.unreachable().isEmpty()) {
                clean(home, old, pending);
            }
            return report;
        } catch (SQLException | PandoException e) {
            LOG.warn("prepared transactions cannot be finished now: {}", e.getMessage());
            return new Report(0, 0, 0, Set.of(ShardId.HOME));
        }
    }

    private List<Pending> pendingOn(ShardId shard) throws SQLException {
        try (Connection connection = fleet.open(shard)) {
            List<Pending> found = new ArrayList<>();
            Sql.rows(
                    connection,
                    "SELECT gid, extract(epoch FROM clock_timestamp() - prepared)::float8 AS age FROM pg_prepared_xacts"
                            + " WHERE database = current_database() AND gid LIKE 'pando\\_%'",
                    row -> {
                        Optional<Gid> gid = Gid.parse(Sql.text(row, "gid"));
                        long millis = (long) (row.getDouble("age") * 1000);
                        gid.ifPresent(mine -> found.add(new Pending(shard, mine, Duration.ofMillis(millis))));
                        return gid;
                    });
            return found;
        }
    }

    private Report finish(Connection home, List<Pending> pending, Set<ShardId> unreachable) throws SQLException {
        int committed = 0;
        int rolledBack = 0;
        int waiting = 0;
        Set<ShardId> failed = new HashSet<>(unreachable);
        Map<Gid, Optional<TwoPhase.Outcome>> outcomes = new HashMap<>();
        for (Pending each : pending) {
            Optional<TwoPhase.Outcome> outcome = outcomes.get(each.gid());
            if (outcome == null) {
                outcome = outcome(home, each);
                outcomes.put(each.gid(), outcome);
            }
            if (outcome.isEmpty()) {
                waiting++;
            } else if (!end(each, outcome.get())) {
                failed.add(each.shard());
            } else if (outcome.get() == TwoPhase.Outcome.COMMITTED) {
                committed++;
            } else {
                rolledBack++;
            }
        }
        return new Report(committed, rolledBack, waiting, failed);
    }

    private Optional<TwoPhase.Outcome> outcome(Connection home, Pending pending) throws SQLException {
        String gid = pending.gid().toString();
        List<TwoPhase.Outcome> decided = Sql.rows(
                home,
                "SELECT outcome FROM pando.transaction_decision WHERE gid = ?",
                row -> Sql.text(row, "outcome").equals("commit")
                        ? TwoPhase.Outcome.COMMITTED
                        : TwoPhase.Outcome.ABORTED,
                gid);
        if (!decided.isEmpty()) {
            return Optional.of(decided.getFirst());
        }
        boolean giveUp = coordinator.isAbandoned(gid)
                || (alone.getAsBoolean() && coordinator.ownEarlierLife(pending.gid()))
                || pending.age().compareTo(patience) > 0;
        return giveUp ? Optional.of(TwoPhase.giveUp(home, gid)) : Optional.empty();
    }

    /** Whether the transaction is ended on that shard now. */
    private boolean end(Pending pending, TwoPhase.Outcome outcome) {
        String gid = pending.gid().toString();
        String sql = switch (outcome) {
            case COMMITTED -> TwoPhase.commitPreparedSql(gid);
            case ABORTED -> TwoPhase.rollbackPreparedSql(gid);
        };
        try (Connection connection = fleet.open(pending.shard())) {
            Sql.execute(connection, sql);
            LOG.info("{} of transaction {} finished: {}", pending.shard(), gid, outcome);
            return true;
        } catch (SQLException e) {
            if (NO_SUCH_PREPARED.equals(e.getSQLState())) {
                return true;
            }
            LOG.warn("{} of transaction {} cannot be finished now: {}", pending.shard(), gid, e.getMessage());
            return false;
        } catch (PandoException e) {
            LOG.warn("{} of transaction {} cannot be finished now: {}", pending.shard(), gid, e.getMessage());
            return false;
        }
    }

    private static List<String> oldDecisions(Connection home) throws SQLException {
        return Sql.rows(
                home,
                "SELECT gid FROM pando.transaction_decision WHERE decided_at < clock_timestamp()"
                        + " - CASE outcome WHEN 'commit' THEN interval '" + KEEP_COMMITS + "' ELSE interval '"
                        + KEEP_ABORTS
                        + "' END LIMIT 10000",
                row -> Sql.text(row, "gid"));
    }

    /** Old decisions that were read before the shards were asked, and that none of them still waits for. */
    private void clean(Connection home, List<String> old, List<Pending> pending) throws SQLException {
        List<String> done = new ArrayList<>(old);
        pending.forEach(each -> done.remove(each.gid().toString()));
        if (!done.isEmpty()) {
            Sql.update(home, "DELETE FROM pando.transaction_decision WHERE gid = ANY (?)", done);
            done.forEach(coordinator::forget);
        }
    }
}

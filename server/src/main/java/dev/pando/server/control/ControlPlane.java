package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.TableConfig;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.ShardId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the catalog, the shard map and the recovery of prepared transactions of one node, and the threads that keep them up to date. All
 * methods may be called from any thread, event loops included: none blocks but {@link #start} and {@link #close}.
 */
public final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(5);

    private final FleetConnections fleet;
    private final TwoPhase coordinator;
    private final Functions functions;
    private final Refresher refresher;
    private final EpochListener listener;
    private final RecoveryLoop recovery;
    private final StatisticsCollector collector;
    private volatile BooleanSupplier beside;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    private ControlPlane(FleetConnections fleet, Options options) {
        this.fleet = fleet;
        this.beside = options::succeeding;
        this.coordinator = new TwoPhase(fleet, options.clock(), new SecureRandom(), options.node());
        Fleetwide fleetwide = new Fleetwide(fleet, coordinator);
        this.functions = new Functions(fleetwide);
        this.refresher = new Refresher(fleetwide, new Configured(options.tables()));
        this.collector = new StatisticsCollector(fleet, refresher::metadata, options.clock());
        NodeClaim claim = new NodeClaim(options.node());
        this.listener = new EpochListener(fleet, options.poll(), refresher, claim);
        this.recovery = new RecoveryLoop(
                new Recovery(fleet, coordinator, options.patience(), () -> claim.held() && !beside.getAsBoolean()),
                coordinator,
                options.poll());
    }

    /**
     * Whether another process of this node's name may live, as around a takeover. Its transactions are then given up no sooner than
     * another node's, whoever of them holds the name.
     */
    public void beside(BooleanSupplier another) {
        beside = another;
    }

    /**
     * @param node name of this node, the same after a restart and different from other nodes'
     * @param tables placements declared in the configuration
     * @param poll how often other nodes' changes and prepared transactions are looked for, should a notification be lost
     * @param succeeding whether a process of the same node may still be there, which keeps the name until it ends
     * @param patience how long an undecided transaction of another, perhaps living, coordinator is left alone
     */
    public record Options(
            String node,
            List<TableConfig> tables,
            Duration poll,
            Duration patience,
            InstantSource clock,
            boolean succeeding) {
        public Options {
            tables = List.copyOf(tables);
        }

        public static Options of(String node, List<TableConfig> tables) {
            return new Options(
                    node, tables, Duration.ofSeconds(5), Duration.ofSeconds(30), InstantSource.system(), false);
        }

        /** Beside the process before this one. */
        public Options afterAnother() {
            return new Options(node, tables, poll, patience, clock, true);
        }
    }

    /**
     * Prepares every shard, checks configuration against shard map, declares what the configuration asks for, and loads the catalog.
     * Blocks until all of that is done; throws what is in the way.
     */
    public static ControlPlane start(FleetConnections fleet, Options options) {
        // All are looked at before any is changed.
        Preconditions preconditions = new Preconditions(fleet.shardCount());
        prepare(fleet, "looking at", preconditions::require);
        prepare(fleet, "preparing schema pando on", (shard, connection) -> MetadataSchema.migrate(connection));
        ControlPlane plane = new ControlPlane(fleet, options);
        try {
            plane.listener.claim(options.succeeding());
            plane.recovery.runOnce();
            plane.refresher.start();
            plane.listener.start();
            plane.recovery.start();
            return plane;
        } catch (RuntimeException e) {
            plane.close();
            throw e;
        }
    }

    private interface Step {
        void on(ShardId shard, Connection connection) throws SQLException;
    }

    private static void prepare(FleetConnections fleet, String what, Step step) {
        for (ShardId shard : fleet.shards()) {
            try (Connection connection = fleet.open(shard)) {
                step.on(shard, connection);
            } catch (SQLException e) {
                throw PandoException.causedBy(
                        e, PandoError.DISTRIBUTE_FAILED, what + " " + shard, String.valueOf(e.getMessage()));
            }
        }
    }

    /** The schema as of the last refresh. Never blocks. */
    public Catalog catalog() {
        return refresher.catalog();
    }

    /**
     * Reads the schema again and gives tables that the configuration declares their placement; other nodes are told. To be awaited after
     * each DDL statement before the client hears of its success. Calls that wait for the same reading share it. Fails with a
     * {@link PandoException}, which then belongs to the client, when a configured placement is not possible.
     */
    public CompletionStage<Catalog> refresh() {
        return refresher.afterDdl();
    }

    /** Called after every change of the catalog, on the control plane's thread. */
    public void onChange(Consumer<Catalog> listener) {
        refresher.onChange(listener);
    }

    /**
     * Runs {@code SELECT pando.function(arguments)} for a user of the endpoint; the catalog is up to date when it completes. Fails with a
     * {@link PandoException}.
     */
    public CompletionStage<CallResult> call(String user, String function, List<NamedArgument> arguments) {
        return async(() -> {
            CallResult result = functions.call(user, function, arguments);
            if (Functions.changes(function)) {
                refresher.afterChange().join();
            }
            return result;
        });
    }

    /**
     * Asks all servers how they are and what they hold of the declared tables. Completes within 3 s even when servers are dead; with
     * {@code exact} rows are counted, which takes as long as reading the tables does, instead of estimated. Never fails for a server's
     * sake.
     */
    public CompletionStage<FleetStats> statistics(boolean exact) {
        return async(() -> collector.collect(exact));
    }

    private <T> CompletionStage<T> async(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        calls.execute(() -> {
            try {
                answer.complete(work.get());
            } catch (PandoException e) {
                answer.completeExceptionally(e);
            } catch (CompletionException e) {
                answer.completeExceptionally(e.getCause() instanceof PandoException cause ? cause : bug(e));
            } catch (RuntimeException e) {
                answer.completeExceptionally(bug(e));
            }
        });
        return answer;
    }

    /** The columns such a call answers with. */
    public static List<String> columns(String function) {
        return Functions.answerColumns(function);
    }

    private static PandoException bug(RuntimeException e) {
        LOG.error("the control plane failed at a request", e);
        return PandoException.causedBy(e, PandoError.BUG, String.valueOf(e.getMessage()));
    }

    /** For the data path's own transactions on several shards. */
    public TwoPhase twoPhase() {
        return coordinator;
    }

    public FleetConnections fleet() {
        return fleet;
    }

    /** A call that moves rows may take long; it is broken off, and its transaction rolls back. */
    private void endCalls() {
        calls.shutdown();
        try {
            if (!calls.awaitTermination(PATIENCE_AT_THE_END.toSeconds(), TimeUnit.SECONDS)) {
                calls.shutdownNow();
            }
        } catch (InterruptedException e) {
            calls.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        LOG.debug("control plane stops");
        listener.close();
        recovery.close();
        refresher.close();
        collector.close();
        endCalls();
    }
}

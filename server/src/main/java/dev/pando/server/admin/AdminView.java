package dev.pando.server.admin;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.ShardId;
import dev.pando.server.control.FleetStats;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the admin database and the HTTP API know of the running endpoint; all answers are snapshots. Called from several threads. */
public interface AdminView {
    PandoConfig config();

    /** Null when the endpoint serves clients; else why it does not, in one line. */
    @Nullable
    String notReady();

    Duration uptime();

    /**
     * Asks every server, so it may block for as long as a dead one takes to be given up.
     *
     * @param exact whether to count rows, which reads every table as a whole, instead of taking the planner's estimate
     */
    FleetStats fleet(boolean exact);

    /** One per shard, in their order. */
    List<PoolView> pools();

    List<ClientView> clients();

    List<BackendView> backends();

    List<TrafficView> traffic();

    /**
     * Server connections of one shard.
     *
     * @param size the most there may be
     * @param leased in use by a session
     * @param idle open and free
     * @param waiting sessions in the queue
     * @param oldestWait zero when nobody waits
     */
    record PoolView(ShardId shard, int size, int leased, int idle, int waiting, Duration oldestWait) {}

    /**
     * A connected client.
     *
     * @param id as its BackendKeyData told it
     * @param state idle, active, waiting, in transaction or login
     */
    record ClientView(
            long id,
            String user,
            String database,
            String application,
            String address,
            String state,
            Duration connected,
            int preparedStatements) {}

    /**
     * A server connection.
     *
     * @param processId of the server process
     * @param state idle, leased or connecting
     * @param client the session that has it, null when none has
     */
    record BackendView(
            ShardId shard,
            Address address,
            String user,
            int processId,
            String state,
            @Nullable Long client,
            Duration connected) {}

    /**
     * Totals of one shard since the start.
     *
     * @param sent bytes from Pando to the server
     * @param received bytes from the server to Pando
     * @param waited in the pool's queue, by all sessions together
     */
    record TrafficView(
            ShardId shard,
            long transactions,
            long statements,
            long errors,
            long sent,
            long received,
            Duration waited) {}
}

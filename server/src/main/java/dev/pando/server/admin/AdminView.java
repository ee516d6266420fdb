package dev.pando.server.admin;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.sight.SightCounts;
import dev.pando.core.sight.SightStats;
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

    /** Those there are at the moment, in the order of the configuration. */
    List<DatabaseView> databases();

    /** One per database and shard, in their order. */
    List<PoolView> pools();

    List<ClientView> clients();

    List<BackendView> backends();

    List<TrafficView> traffic();

    /** Per database, shard and user that has had a server connection. */
    List<UserPoolView> userPools();

    /** Traffic of all clients together: only what no shard has a part in is counted here. */
    TrafficView clientTraffic();

    /** Connections that have not logged in yet. */
    int loggingIn();

    PlanCacheView planCache();

    /** What is seen of statements, by their shapes. */
    SightStats sight();

    /** What monitoring asks of that, which is cheap to tell. */
    SightCounts sightCounts();

    /**
     * How servers would run the statement with this number: they are asked. Throws NO_PLAN with the reason when there is no plan, another
     * error when it cannot be told now.
     */
    StatementPlan plan(long statement);

    /** Of spans. */
    SpansView spans();

    /** Bytes of memory outside of the heap that the network holds. */
    long directMemory();

    /**
     * A database that clients can name.
     *
     * @param dbname its name on the servers
     * @param forcedUser whom Pando logs in as for all clients, null for each client's own name
     * @param poolSize server connections per shard and user at most
     * @param loadBalance which of several servers connections go to, null when there is one
     */
    record DatabaseView(
            String name,
            String dbname,
            @Nullable String forcedUser,
            PoolMode mode,
            int poolSize,
            @Nullable String loadBalance,
            List<ShardView> shards) {
        public DatabaseView {
            shards = List.copyOf(shards);
        }

        /** One shard, or all of them as PgBouncer would call them: see {@link PoolerTables}. */
        String title(ShardView shard) {
            return shards.size() == 1 ? name : name + "@" + shard.name();
        }
    }

    /** A shard of a database, with the servers that take its writes. */
    record ShardView(ShardId id, String name, List<Address> servers) {
        public ShardView {
            servers = List.copyOf(servers);
        }
    }

    /**
     * Server connections of one shard.
     *
     * @param size the most there may be per user
     * @param counts of all users together
     */
    record PoolView(Place place, int size, PoolStatistics counts, boolean paused) {}

    /** Server connections of one user to one shard. */
    record UserPoolView(Place place, String user, PoolStatistics counts) {}

    /**
     * Plans kept at the moment; {@link Meter} counts how often one was looked for.
     */
    record PlanCacheView(long entries, long bytes) {}

    /**
     * Spans since the start.
     *
     * @param failed were taken to a collector that did not take them
     * @param dropped found no place in the queue
     */
    record SpansView(long sent, long failed, long dropped) {}

    /**
     * A connected client.
     *
     * @param id as its BackendKeyData told it
     * @param state idle, active, waiting, in transaction or login
     * @param waited how long it has waited for a server connection, zero when it does not
     * @param tls protocol and cipher, null without
     * @param pinned why it keeps a server connection between transactions, null when it does not
     * @param replication none, physical or logical
     */
    record ClientView(
            long id,
            String user,
            String database,
            String application,
            String address,
            String state,
            Duration connected,
            int preparedStatements,
            Duration waited,
            @Nullable String tls,
            @Nullable String pinned,
            String replication) {}

    /**
     * A server connection.
     *
     * @param processId of the server process
     * @param state idle or active
     * @param client the session that has it, null when none has
     * @param outdated from before the last RECONNECT, to be closed when its session gives it back
     */
    record BackendView(
            Place place,
            Address address,
            String user,
            int processId,
            String state,
            @Nullable Long client,
            Duration connected,
            boolean outdated,
            @Nullable String tls) {}

    /**
     * Traffic with one shard.
     *
     * @param total since the start
     * @param recent of the last full period
     */
    record TrafficView(Place place, Totals total, Totals recent, Duration period) {}
}

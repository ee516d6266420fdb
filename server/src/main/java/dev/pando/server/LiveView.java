package dev.pando.server;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminView;
import dev.pando.server.control.ControlPlane;
import dev.pando.server.control.FleetStats;
import dev.pando.server.net.Endpoint;
import dev.pando.server.net.TrafficSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What people see of the running server: each answer is asked for anew. */
final class LiveView implements AdminView {
    private final PandoConfig config;
    private final ControlPlane control;
    private final long started = System.nanoTime();
    private volatile @Nullable Endpoint endpoint;

    LiveView(PandoConfig config, ControlPlane control) {
        this.config = config;
        this.control = control;
    }

    /** From now on clients are served. */
    void serving(Endpoint serving) {
        endpoint = serving;
    }

    @Override
    public PandoConfig config() {
        return config;
    }

    @Override
    public @Nullable String notReady() {
        Endpoint serving = endpoint;
        if (serving == null) {
            return "starting";
        }
        return serving.isClosed() ? "shutting down" : null;
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    @Override
    public FleetStats fleet(boolean exact) {
        return control.statistics(exact).toCompletableFuture().join();
    }

    @Override
    public List<PoolView> pools() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : shards().map(shard -> pool(serving, shard)).toList();
    }

    private Stream<ShardId> shards() {
        return IntStream.range(0, config.shards().size()).mapToObj(ShardId::new);
    }

    private PoolView pool(Endpoint serving, ShardId shard) {
        PoolStatistics pool = serving.pool(shard);
        return new PoolView(
                shard,
                config.pool().size(),
                pool.leased(),
                pool.idle(),
                pool.waiting(),
                Duration.ofNanos(pool.oldestWaitNanos()));
    }

    @Override
    public List<ClientView> clients() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : serving.clients().stream()
                        .map(client -> new ClientView(
                                client.id(),
                                client.user(),
                                client.database(),
                                client.application(),
                                client.address(),
                                client.state(),
                                client.connected(),
                                client.preparedStatements()))
                        .toList();
    }

    @Override
    public List<BackendView> backends() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : serving.servers().stream()
                        .map(server -> new BackendView(
                                server.shard(),
                                server.address(),
                                server.user(),
                                server.processId(),
                                server.state(),
                                server.client(),
                                server.connected()))
                        .toList();
    }

    @Override
    public List<TrafficView> traffic() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : shards().map(shard -> traffic(serving, shard)).toList();
    }

    private static TrafficView traffic(Endpoint serving, ShardId shard) {
        TrafficSnapshot totals = serving.traffic(shard);
        return new TrafficView(
                shard,
                totals.leases(),
                totals.statements(),
                totals.errors(),
                totals.sentBytes(),
                totals.receivedBytes(),
                totals.waited());
    }
}

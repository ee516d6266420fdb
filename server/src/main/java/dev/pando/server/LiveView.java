package dev.pando.server;

import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.route.PlanCache;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminControl;
import dev.pando.server.admin.AdminView;
import dev.pando.server.control.ControlPlane;
import dev.pando.server.control.FleetStats;
import dev.pando.server.net.Endpoint;
import dev.pando.server.net.TrafficSnapshot;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What people see of the running server, each answer asked for anew, and what they do to it. */
final class LiveView implements AdminView, AdminControl {
    private final LiveConfig live;
    private final ControlPlane control;
    private final PlanCache plans;
    private final long started = System.nanoTime();
    private volatile @Nullable Endpoint endpoint;

    LiveView(LiveConfig live, ControlPlane control, PlanCache plans) {
        this.live = live;
        this.control = control;
        this.plans = plans;
    }

    /** From now on clients are served. */
    void serving(Endpoint serving) {
        endpoint = serving;
    }

    @Override
    public PandoConfig config() {
        return live.now();
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
                : shards().map(shard -> pool(serving, shard, config().pool().size()))
                        .toList();
    }

    private Stream<ShardId> shards() {
        return IntStream.range(0, config().shards().size()).mapToObj(ShardId::new);
    }

    private static PoolView pool(Endpoint serving, ShardId shard, int size) {
        return new PoolView(
                shard, size, serving.pool(shard), serving.operations().paused().contains(shard));
    }

    @Override
    public List<UserPoolView> userPools() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : serving.pools().stream()
                        .map(pool -> new UserPoolView(pool.shard(), pool.user(), pool.counts()))
                        .toList();
    }

    @Override
    public int loggingIn() {
        Endpoint serving = endpoint;
        return serving == null ? 0 : serving.loggingInCount();
    }

    @Override
    public PlanCacheView planCache() {
        return new PlanCacheView(plans.size(), plans.bytes());
    }

    @Override
    public long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
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
                                client.preparedStatements(),
                                client.waited(),
                                client.tls()))
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
                                server.connected(),
                                server.outdated(),
                                server.tls()))
                        .toList();
    }

    @Override
    public List<TrafficView> traffic() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : shards().map(shard -> traffic(serving, shard)).toList();
    }

    @Override
    public TrafficView clientTraffic() {
        Endpoint serving = endpoint;
        return view(ShardId.HOME, serving == null ? TrafficSnapshot.NONE : serving.clientTraffic());
    }

    private static TrafficView traffic(Endpoint serving, ShardId shard) {
        return view(shard, serving.traffic(shard));
    }

    private static TrafficView view(ShardId shard, TrafficSnapshot traffic) {
        return new TrafficView(shard, traffic.total(), traffic.recent(), TrafficSnapshot.PERIOD);
    }

    @Override
    public void pause(Set<ShardId> shards) {
        operations().pause(shards);
    }

    @Override
    public void resume(Set<ShardId> shards) {
        operations().resume(shards);
    }

    @Override
    public void reconnect(Set<ShardId> shards) {
        operations().reconnect(shards);
    }

    @Override
    public void awaitClosed(Set<ShardId> shards) {
        operations().awaitClosed(shards);
    }

    @Override
    public boolean killClient(long id) {
        return operations().killClient(id);
    }

    @Override
    public void killAll(Set<ShardId> shards) {
        operations().killAll(shards);
    }

    @Override
    public LiveConfig.Reload reload() {
        return operations().reload();
    }

    @Override
    public Set<ShardId> paused() {
        Endpoint serving = endpoint;
        return serving == null ? Set.of() : serving.operations().paused();
    }

    /** Commands come over the endpoint, so it is there. */
    private AdminControl operations() {
        return Objects.requireNonNull(endpoint).operations();
    }
}

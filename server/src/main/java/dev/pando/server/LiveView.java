package dev.pando.server;

import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.route.PlanCache;
import dev.pando.core.sight.SightCounts;
import dev.pando.core.sight.SightStats;
import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.AdminControl;
import dev.pando.server.admin.AdminView;
import dev.pando.server.admin.Place;
import dev.pando.server.admin.Shutdown;
import dev.pando.server.admin.StatementPlan;
import dev.pando.server.control.ControlPlane;
import dev.pando.server.control.FleetStats;
import dev.pando.server.net.Database;
import dev.pando.server.net.Databases;
import dev.pando.server.net.Endpoint;
import dev.pando.server.net.TrafficSnapshot;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people see of the running server, each answer asked for anew, and what they do to it. */
final class LiveView implements AdminView, AdminControl {
    private final LiveConfig live;
    private final @Nullable ControlPlane control;
    private final PlanCache plans;
    private final Databases databases;
    private final long started = System.nanoTime();
    private volatile @Nullable Endpoint endpoint;

    /** {@code control}: of the sharded database, null when there is none. */
    LiveView(LiveConfig live, @Nullable ControlPlane control, PlanCache plans, Databases databases) {
        this.live = live;
        this.control = control;
        this.plans = plans;
        this.databases = databases;
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
        return serving.isClosed() || serving.departing() ? "shutting down" : null;
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    @Override
    public FleetStats fleet(boolean exact) {
        return control == null
                ? new FleetStats(Instant.now(), Duration.ZERO, 0, List.of(), List.of())
                : control.statistics(exact).toCompletableFuture().join();
    }

    @Override
    public List<DatabaseView> databases() {
        return databases.all().stream().map(LiveView::database).toList();
    }

    private static DatabaseView database(Database database) {
        Database.Pooling pooling = database.pooling();
        DatabaseConfig.Login login = pooling.login();
        return new DatabaseView(
                database.name(),
                pooling.dbname(),
                login == null ? null : login.user(),
                pooling.mode(),
                pooling.size(),
                pooling.hosts().size() < 2 ? null : pooling.balanced() ? "round-robin" : "disable",
                database.topology().shards().stream()
                        .map(shard -> new ShardView(
                                shard.id(),
                                shard.name(),
                                pooling.hosts().isEmpty() ? List.of(shard.primary()) : pooling.hosts()))
                        .toList());
    }

    @Override
    public List<PoolView> pools() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : databases().stream()
                        .flatMap(database -> database.shards().stream().map(shard -> pool(serving, database, shard)))
                        .toList();
    }

    private static PoolView pool(Endpoint serving, DatabaseView database, ShardView shard) {
        Place place = new Place(database.name(), shard.id());
        return new PoolView(
                place,
                database.poolSize(),
                serving.pool(place),
                serving.operations().paused().contains(place));
    }

    @Override
    public List<UserPoolView> userPools() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : serving.pools().stream()
                        .map(pool ->
                                new UserPoolView(new Place(pool.database(), pool.shard()), pool.user(), pool.counts()))
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
    public SightStats sight() {
        Endpoint serving = endpoint;
        return serving == null ? SightStats.NONE : serving.sight();
    }

    @Override
    public SightCounts sightCounts() {
        Endpoint serving = endpoint;
        return serving == null ? SightCounts.NONE : serving.sightCounts();
    }

    @Override
    public StatementPlan plan(long statement) {
        return Objects.requireNonNull(endpoint).plan(statement);
    }

    @Override
    public SpansView spans() {
        Endpoint serving = endpoint;
        return serving == null ? new SpansView(0, 0, 0) : serving.onlooker().spans();
    }

    @Override
    public void resetStatements() {
        operations().resetStatements();
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
                                client.tls(),
                                client.pinned(),
                                client.replication()))
                        .toList();
    }

    @Override
    public List<BackendView> backends() {
        Endpoint serving = endpoint;
        return serving == null
                ? List.of()
                : serving.servers().stream()
                        .map(server -> new BackendView(
                                new Place(server.database(), server.shard()),
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
                : databases().stream()
                        .flatMap(database -> database.shards().stream()
                                .map(shard -> new Place(database.name(), shard.id()))
                                .map(place -> view(place, serving.traffic(place))))
                        .toList();
    }

    @Override
    public TrafficView clientTraffic() {
        Endpoint serving = endpoint;
        return view(new Place("", ShardId.HOME), serving == null ? TrafficSnapshot.NONE : serving.clientTraffic());
    }

    private TrafficView view(Place place, TrafficSnapshot traffic) {
        return new TrafficView(
                place, traffic.total(), traffic.recent(), config().logging().statisticsPeriod());
    }

    @Override
    public void pause(Set<Place> places) {
        operations().pause(places);
    }

    @Override
    public void resume(Set<Place> places) {
        operations().resume(places);
    }

    @Override
    public void reconnect(Set<Place> places) {
        operations().reconnect(places);
    }

    @Override
    public void awaitClosed(Set<Place> places) {
        operations().awaitClosed(places);
    }

    @Override
    public boolean killClient(long id) {
        return operations().killClient(id);
    }

    @Override
    public void killAll(Set<Place> places) {
        operations().killAll(places);
    }

    @Override
    public void shutdown(Shutdown mode) {
        operations().shutdown(mode);
    }

    @Override
    public LiveConfig.Reload reload() {
        return operations().reload();
    }

    @Override
    public Set<Place> paused() {
        Endpoint serving = endpoint;
        return serving == null ? Set.of() : serving.operations().paused();
    }

    /** Commands come over the endpoint, so it is there. */
    private AdminControl operations() {
        return Objects.requireNonNull(endpoint).operations();
    }
}

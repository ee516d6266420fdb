package dev.pando.server.net;

import dev.pando.base.auth.ScramKeys;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Shaper;
import dev.pando.base.wire.StartupPacket;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.pool.Pool;
import dev.pando.core.pool.PoolSettings;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.session.ServerLink;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import dev.pando.server.auth.Authenticator;
import dev.pando.server.auth.Identity;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server connections of one event loop: a pool per shard and user. Clients of this loop use these and no others, so a message never
 * crosses a thread. Owned by the loop.
 */
final class LoopServers {
    private static final Logger LOG = LoggerFactory.getLogger(LoopServers.class);
    private static final long TICK_MILLIS = 100;

    private record PoolKey(ShardId shard, String user) {}

    private final EventLoop loop;
    private final Transport transport;
    private final Known known;
    private PandoConfig config;
    private Topology topology;
    private PoolSettings settings;
    private final Map<PoolKey, Pool<ServerConnection>> pools = new HashMap<>();
    private final IdentityHashMap<ServerLink, ServerConnection> connections = new IdentityHashMap<>();
    private final Traffic[] traffic;
    private final Traffic clientTraffic = new Traffic();
    private final Set<ShardId> paused = new HashSet<>();
    private final Map<ShardId, Long> reconnected = new HashMap<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final Future<?> ticking;
    private final Shaper shaper = new Shaper();
    private int rotation;
    private long ticks;

    /** Somebody on another thread waits for something to become true here. */
    private record Awaited(BooleanSupplier condition, CompletableFuture<Void> met) {}

    /** What all loops know of servers. */
    record Known(
            ServerParameters parameters,
            ScramKeys keys,
            Authenticator authenticator,
            Supplier<Encryption> encryption) {}

    /** {@code size}: this loop's part of the connections per shard. */
    LoopServers(EventLoop loop, Transport transport, PandoConfig config, Known known, int size) {
        this.loop = loop;
        this.transport = transport;
        this.config = config;
        this.topology = config.topology();
        this.known = known;
        this.settings = settings(config, size);
        this.traffic = new Traffic[topology.size()];
        Arrays.setAll(traffic, shard -> new Traffic());
        this.ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static PoolSettings settings(PandoConfig config, int size) {
        return new PoolSettings(
                size,
                config.listen().maxClients() + 1,
                config.pool().queueTimeout(),
                config.pool().idleTimeout());
    }

    /** Other settings from now on. Where a shard has moved, connections to its old place are replaced as they become free. */
    void reconfigure(PandoConfig next, int size) {
        Topology before = topology;
        config = next;
        topology = next.topology();
        settings = settings(next, size);
        long now = System.nanoTime();
        pools.values().forEach(pool -> pool.reconfigure(settings, now));
        Set<ShardId> moved = topology.shards().stream()
                .filter(shard ->
                        !shard.primary().equals(before.shard(shard.id()).primary()))
                .map(Shard::id)
                .collect(Collectors.toSet());
        if (!moved.isEmpty()) {
            reconnect(moved);
        }
    }

    EventLoop loop() {
        return loop;
    }

    /** Takes statements apart; this loop's own. */
    Shaper shaper() {
        return shaper;
    }

    ScramKeys scramKeys() {
        return known.keys();
    }

    String database() {
        return config.database();
    }

    /** How long connecting may take, and then logging in. */
    Duration connectTimeout() {
        return config.pool().connectTimeout();
    }

    Traffic traffic(ShardId shard) {
        return traffic[shard.index()];
    }

    /** Of this loop's clients, whatever shard they turn to. */
    Traffic clientTraffic() {
        return clientTraffic;
    }

    ShardId anyShard() {
        rotation = (rotation + 1) % topology.size();
        return new ShardId(rotation);
    }

    Pool<ServerConnection> pool(ShardId shard, Identity identity) {
        return pools.computeIfAbsent(new PoolKey(shard, identity.user()), key -> open(topology.shard(shard), identity));
    }

    private Pool<ServerConnection> open(Shard shard, Identity identity) {
        Opening port = new Opening(shard.id(), identity);
        Pool<ServerConnection> pool = new Pool<>(shard.name() + " (" + shard.primary() + ")", settings, port);
        port.pool = pool;
        if (paused.contains(shard.id())) {
            pool.pause();
        }
        return pool;
    }

    ServerConnection connectionOf(ServerLink link) {
        return Objects.requireNonNull(connections.get(link));
    }

    /** Of an answer that has to be held as a whole. */
    private long longestGathered() {
        return Math.max(ServerFrames.LONG, config.limits().mergeMemory());
    }

    /** Opens and closes the connections of one pool. */
    private final class Opening implements Pool.Port<ServerConnection>, ServerConnection.Owner {
        private final ShardId shard;
        private final Identity identity;
        private @Nullable Pool<ServerConnection> pool;

        Opening(ShardId shard, Identity identity) {
            this.shard = shard;
            this.identity = identity;
        }

        @Override
        public void open() {
            Shard now = topology.shard(shard);
            Identity latest =
                    new Identity(identity.user(), known.authenticator().credential(identity));
            ServerConnection connection = new ServerConnection(LoopServers.this, now, latest, this);
            connect(
                    now,
                    channel -> channel.pipeline().addLast(new ServerFrames(connection, longestGathered()), connection),
                    connection::notConnected);
        }

        @Override
        public void close(ServerConnection connection) {
            connections.remove(connection.link());
            connection.close();
        }

        @Override
        public void opened(ServerConnection connection) {
            connections.put(connection.link(), connection);
            if (shard.equals(ShardId.HOME)) {
                known.parameters().learn(identity.user(), connection.parameters());
            }
            mine().opened(connection, System.nanoTime());
        }

        @Override
        public void failed(ServerConnection connection, PandoException reason) {
            mine().openFailed(reason);
        }

        @Override
        public void lost(ServerConnection connection) {
            if (connection.client() == null) {
                connections.remove(connection.link());
                mine().lost(connection);
            }
        }

        private Pool<ServerConnection> mine() {
            return Objects.requireNonNull(pool);
        }
    }

    void release(ServerConnection connection, boolean reusable) {
        connection.leasedTo(null);
        Pool<ServerConnection> pool = pools.get(new PoolKey(connection.shard().id(), connection.user()));
        Objects.requireNonNull(pool).release(connection, reusable, System.nanoTime());
    }

    /** CancelRequest goes over a connection of its own. */
    void sendCancel(Shard shard, StartupPacket.Cancel request) {
        Consumer<Throwable> undelivered =
                cause -> LOG.warn("cancel request to {} was not delivered: {}", shard.name(), cause.toString());
        connect(shard, channel -> channel.pipeline().addLast(new CancelConnection(request, undelivered)), undelivered);
    }

    /** Opens a socket to the shard's primary; {@code handlers} puts what is above TLS into its pipeline. */
    private void connect(Shard shard, Consumer<Channel> handlers, Consumer<Throwable> failed) {
        transport
                .connecting(loop, connectTimeout())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new TlsRequest(known.encryption().get(), shard, connectTimeout()));
                        handlers.accept(channel);
                    }
                })
                .connect(shard.primary().host(), shard.primary().port())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        failed.accept(done.cause());
                    }
                });
    }

    void unexpected(Throwable cause) {
        LOG.error("bug in the data path", cause);
    }

    private void tick() {
        long now = System.nanoTime();
        try {
            // A session that goes on may open a pool.
            List.copyOf(pools.values()).forEach(pool -> pool.tick(now));
            if (++ticks % (Traffic.PERIOD.toMillis() / TICK_MILLIS) == 0) {
                Arrays.stream(traffic).forEach(Traffic::turn);
                clientTraffic.turn();
            }
            awaited.removeIf(waits -> waits.met().isDone()
                    || (waits.condition().getAsBoolean() && waits.met().complete(null)));
        } catch (RuntimeException e) {
            // Thrown on, it would end the ticking, and with it every timeout.
            unexpected(e);
        }
    }

    void pause(Set<ShardId> shards) {
        paused.addAll(shards);
        of(shards).forEach(Pool::pause);
    }

    void resume(Set<ShardId> shards) {
        paused.removeAll(shards);
        of(shards).forEach(pool -> pool.resume(System.nanoTime()));
    }

    void reconnect(Set<ShardId> shards) {
        shards.forEach(shard -> reconnected.put(shard, System.nanoTime()));
        of(shards).forEach(Pool::reconnect);
    }

    boolean pausedAll(Set<ShardId> shards) {
        return paused.containsAll(shards);
    }

    boolean drained(Set<ShardId> shards) {
        return of(shards).stream().allMatch(Pool::drained);
    }

    int outdated(Set<ShardId> shards) {
        return of(shards).stream().mapToInt(Pool::outdated).sum();
    }

    boolean outdated(ServerConnection connection) {
        Long at = reconnected.get(connection.shard().id());
        return at != null && connection.sinceNanos() - at < 0;
    }

    /** {@code condition} is looked at a few times per second until it is met, or the wait cancelled. */
    void when(BooleanSupplier condition, CompletableFuture<Void> met) {
        awaited.add(new Awaited(condition, met));
    }

    private List<Pool<ServerConnection>> of(Set<ShardId> shards) {
        return pools.entrySet().stream()
                .filter(entry -> shards.contains(entry.getKey().shard()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Pools one by one. To be called on the loop. */
    List<PoolSnapshot> poolSnapshots() {
        long now = System.nanoTime();
        List<PoolSnapshot> all = new ArrayList<>();
        pools.forEach((key, pool) -> all.add(new PoolSnapshot(key.shard(), key.user(), pool.statistics(now))));
        return all;
    }

    /** Pools of a shard, all users together. To be called on the loop. */
    PoolStatistics statistics(ShardId shard) {
        long now = System.nanoTime();
        PoolStatistics sum = PoolStatistics.NONE;
        for (Map.Entry<PoolKey, Pool<ServerConnection>> entry : pools.entrySet()) {
            if (entry.getKey().shard().equals(shard)) {
                sum = sum.plus(entry.getValue().statistics(now));
            }
        }
        return sum;
    }

    List<ServerConnection> connections() {
        return new ArrayList<>(connections.values());
    }

    void close() {
        ticking.cancel(false);
        List.copyOf(pools.values()).forEach(Pool::close);
    }
}

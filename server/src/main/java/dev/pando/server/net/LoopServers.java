package dev.pando.server.net;

import dev.pando.base.auth.ScramKeys;
import dev.pando.base.sql.Shaper;
import dev.pando.base.wire.StartupPacket;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tunable;
import dev.pando.core.pool.PoolSettings;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.sight.LoopSight;
import dev.pando.core.topology.Shard;
import dev.pando.server.admin.Place;
import dev.pando.server.auth.Authenticator;
import dev.pando.server.sight.SightLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one event loop has of servers: the connections to each database that its clients use. Owned by the loop. */
final class LoopServers {
    private static final Logger LOG = LoggerFactory.getLogger(LoopServers.class);
    private static final long TICK_MILLIS = 100;
    private static final long TICKS_PER_SWEEP = 10;
    private static final long TICKS_PER_ROLES = Roles.INTERVAL.toMillis() / TICK_MILLIS;

    private final EventLoop loop;
    private final Transport transport;
    private final Known known;
    private final Share share;
    private PandoConfig config;
    private final IdentityHashMap<Database, DatabaseServers> databases = new IdentityHashMap<>();
    private final Set<ClientConnection> clients = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Traffic clientTraffic = new Traffic();
    private final List<Awaited> awaited = new ArrayList<>();
    private final Future<?> ticking;
    private final Shaper shaper = new Shaper();
    private final LoopSight sight;
    private final SpareBuffer spare = new SpareBuffer();
    private long ticks;

    /** Somebody on another thread waits for something to become true here. */
    private record Awaited(BooleanSupplier condition, CompletableFuture<Void> met) {}

    /** What all loops know of servers. */
    record Known(
            Databases databases,
            PausedPlaces paused,
            ScramKeys keys,
            Authenticator authenticator,
            Supplier<Encryption> encryption,
            ServerBounds bounds,
            Roles roles,
            Journal journal,
            SightLog onlooker,
            Runnable statistics) {}

    /** Which of how many loops this is: each keeps its part of a pool's minimum. */
    record Share(int index, int loops) {
        int of(int size) {
            return size / loops + (index < size % loops ? 1 : 0);
        }
    }

    LoopServers(EventLoop loop, Transport transport, PandoConfig config, Known known, Share share) {
        this.loop = loop;
        this.transport = transport;
        this.config = config;
        this.known = known;
        this.share = share;
        this.sight = new LoopSight(SightLog.settings(config), known.onlooker().accounts(), known.onlooker());
        this.ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    Transport transport() {
        return transport;
    }

    /** For the pool of a user on the servers. */
    PoolSettings settings(Database database, String user) {
        PandoConfig.Queue queue = config.pool().queue();
        PandoConfig.Upkeep upkeep = config.pool().upkeep();
        String name = database.name();
        return new PoolSettings(
                config.listen().maxClients() + 1,
                config.time(Tunable.QUEUE_TIMEOUT, name, user),
                queue.notice(),
                queue.reserveTimeout(),
                new PoolSettings.Upkeep(
                        share.of(config.count(Tunable.MIN_POOL_SIZE, name, user)),
                        upkeep.idleTimeout(),
                        config.time(Tunable.SERVER_LIFETIME, name, user),
                        upkeep.checkDelay(),
                        upkeep.loginRetry(),
                        upkeep.roundRobin()));
    }

    /** Other settings from now on. */
    void reconfigure(PandoConfig next) {
        config = next;
        sight.reconfigure(SightLog.settings(next));
        databases.values().forEach(DatabaseServers::reconfigure);
    }

    EventLoop loop() {
        return loop;
    }

    /** Takes statements apart; this loop's own. */
    Shaper shaper() {
        return shaper;
    }

    /** In which this loop's connections gather what they send. */
    SpareBuffer spare() {
        return spare;
    }

    /** What is seen of the statements of this loop's clients. */
    LoopSight sight() {
        return sight;
    }

    ScramKeys scramKeys() {
        return known.keys();
    }

    Journal journal() {
        return known.journal();
    }

    Roles roles() {
        return known.roles();
    }

    ServerBounds bounds() {
        return known.bounds();
    }

    Authenticator authenticator() {
        return known.authenticator();
    }

    /** How long connecting may take, and then logging in. */
    Duration connectTimeout() {
        return config.pool().connectTimeout();
    }

    /** Of this loop's clients, whatever database and shard they turn to. */
    Traffic clientTraffic() {
        return clientTraffic;
    }

    /** The connections to a database, of which there may be none yet. */
    DatabaseServers of(Database database) {
        return databases.computeIfAbsent(database, this::begin);
    }

    private DatabaseServers begin(Database database) {
        DatabaseServers servers = new DatabaseServers(this, database);
        servers.pause(known.paused().of(database));
        return servers;
    }

    /** It has logged in and is watched from now on. */
    void came(ClientConnection client) {
        clients.add(client);
    }

    void left(ClientConnection client) {
        clients.remove(client);
    }

    /** The databases that are used here, or were. */
    List<DatabaseServers> all() {
        return List.copyOf(databases.values());
    }

    /** CancelRequest goes over a connection of its own. {@code over}: whether it is known that it cannot come any more. */
    void sendCancel(Shard shard, StartupPacket.Cancel request, Consumer<Boolean> over) {
        CancelConnection cancel = new CancelConnection(request, connectTimeout(), new CancelConnection.Requester() {
            @Override
            public void over(boolean certain) {
                over.accept(certain);
            }

            @Override
            public void undelivered(Throwable cause) {
                LOG.warn("cancel request to {} was not delivered: {}", shard.name(), cause.toString());
                over.accept(true);
            }
        });
        connect(shard, channel -> channel.pipeline().addLast(cancel), cancel::notConnected);
    }

    /** Opens the socket of a connection, which hears of it. */
    void connect(Shard shard, ServerConnection connection) {
        // Of an answer that has to be held as a whole.
        long longest = Math.max(ServerFrames.LONG, config.limits().mergeMemory());
        connect(
                shard,
                channel -> channel.pipeline().addLast(new ServerFrames(connection, longest), connection),
                connection::notConnected);
    }

    /** Opens a socket to the shard's primary; {@code handlers} puts what is above TLS into its pipeline. */
    private void connect(Shard shard, Consumer<Channel> handlers, Consumer<Throwable> failed) {
        ChannelInitializer<Channel> pipeline = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TlsRequest(known.encryption().get(), shard, connectTimeout()));
                handlers.accept(channel);
            }
        };
        transport.connect(loop, shard.primary(), connectTimeout(), pipeline).addListener(done -> {
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
            ticks++;
            all().forEach(database -> database.tick(now));
            if (config.watchesClients()) {
                List.copyOf(clients).forEach(client -> client.look(now));
            }
            if (ticks % TICKS_PER_SWEEP == 0) {
                sweep(now);
            }
            if (ticks % TICKS_PER_ROLES == 0 && share.index() == 0) {
                known.roles().changed();
            }
            long period = config.logging().statisticsPeriod().toMillis() / TICK_MILLIS;
            if (ticks % period == 1 && ticks > period && share.index() == 0) {
                // A moment after all loops have begun the next period.
                Thread.ofVirtual().name("pando-statistics").start(known.statistics());
            }
            if (ticks % period == 0) {
                databases.values().forEach(DatabaseServers::turnTraffic);
                clientTraffic.turn();
            }
            awaited.removeIf(waits -> waits.met().isDone()
                    || (waits.condition().getAsBoolean() && waits.met().complete(null)));
        } catch (RuntimeException e) {
            // Thrown on, it would end the ticking, and with it every timeout.
            unexpected(e);
        }
    }

    /** Lets go of databases that nobody has used for long. */
    private void sweep(long now) {
        known.databases()
                .forgetIdle(
                        now,
                        config.pool().wildcardIdleTimeout(),
                        database -> !known.paused().of(database).isEmpty());
        databases.values().removeIf(servers -> {
            boolean forgotten = !known.databases().has(servers.database())
                    && servers.database().clients() == 0;
            if (forgotten) {
                servers.close();
            }
            return forgotten;
        });
    }

    /** {@code condition} is looked at a few times per second until it is met, or the wait cancelled. */
    void when(BooleanSupplier condition, CompletableFuture<Void> met) {
        awaited.add(new Awaited(condition, met));
    }

    /** Of those places the ones that are used here. */
    Stream<DatabaseServers> at(Set<Place> places) {
        return databases.values().stream()
                .filter(servers ->
                        !Place.shards(places, servers.database().name()).isEmpty());
    }

    /** Pools one by one. To be called on the loop. */
    List<PoolSnapshot> poolSnapshots() {
        return databases.values().stream()
                .flatMap(servers -> servers.poolSnapshots().stream())
                .toList();
    }

    /** Pools of a shard, all users together. To be called on the loop. */
    PoolStatistics statistics(Place place) {
        return at(Set.of(place))
                .map(servers -> servers.statistics(place.shard()))
                .reduce(PoolStatistics.NONE, PoolStatistics::plus);
    }

    TrafficSnapshot traffic(Place place) {
        return at(Set.of(place))
                .map(servers -> servers.traffic(place.shard()).snapshot())
                .reduce(TrafficSnapshot.NONE, TrafficSnapshot::plus);
    }

    List<ServerConnection> connections() {
        return databases.values().stream()
                .flatMap(servers -> servers.connections().stream())
                .toList();
    }

    void close() {
        ticking.cancel(false);
        all().forEach(DatabaseServers::close);
        spare.close();
    }
}

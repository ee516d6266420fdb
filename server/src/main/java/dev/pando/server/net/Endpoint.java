package dev.pando.server.net;

import dev.pando.base.auth.ScramKeys;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.session.Limits;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import dev.pando.server.admin.AdminControl;
import dev.pando.server.auth.Authenticator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The PostgreSQL address: accepts clients and gives each to an event loop, where it stays with that loop's server connections. */
public final class Endpoint implements AutoCloseable {
    private final LiveConfig live;
    private final Backstage backstage;
    private volatile Topology topology;
    private final Authenticator authenticator;
    private volatile Encryption encryption;
    private final Transport transport;
    private final Map<EventLoop, LoopServers> loops = new HashMap<>();
    private final Map<Integer, ClientConnection> clients = new ConcurrentHashMap<>();
    private final Admission<ClientConnection> admission;
    private final AtomicInteger ids = new AtomicInteger();
    private final Channel listening;
    private final ServerParameters serverParameters = new ServerParameters();
    private final Operations operations;
    private volatile boolean closed;

    /** Binds the address. Throws PORT_TAKEN when it cannot. */
    public Endpoint(LiveConfig live, Backstage backstage) {
        PandoConfig config = live.now();
        this.live = live;
        this.operations = new Operations(live, loops.values(), clients);
        this.topology = config.topology();
        this.backstage = backstage;
        this.authenticator = new Authenticator(config);
        this.encryption = new Encryption(config);
        this.admission =
                new Admission<>(config.listen().maxClients(), config.listen().maxLogins(), ClientConnection::tooLate);
        int size = config.pool().size();
        int count = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), size));
        this.transport = new Transport(count);
        LoopServers.Known known =
                new LoopServers.Known(serverParameters, new ScramKeys(), authenticator, this::encryption);
        int given = 0;
        for (EventLoop loop : transport.loops()) {
            int part = size / count + (given++ < size % count ? 1 : 0);
            loops.put(loop, new LoopServers(loop, transport, config, known, part));
        }
        this.listening = bind();
        live.follow(this::prepare);
    }

    /** What is made of settings is made anew; all loops are on the new ones a moment later. */
    private Runnable prepare(PandoConfig next) {
        Encryption nextEncryption = new Encryption(next);
        Runnable nextLogins = authenticator.prepare(next);
        return () -> {
            encryption = nextEncryption;
            nextLogins.run();
            topology = next.topology();
            admission.limits(next.listen().maxClients(), next.listen().maxLogins());
            int index = 0;
            for (LoopServers servers : loops.values()) {
                int part = part(next.pool().size(), index++);
                servers.loop().execute(() -> servers.reconfigure(next, part));
            }
        };
    }

    /** Of the connections per shard, for one loop; each needs one to be of use. */
    private int part(int size, int index) {
        int count = loops.size();
        return Math.max(1, size / count + (index < size % count ? 1 : 0));
    }

    private Channel bind() {
        PandoConfig config = config();
        String host = config.listen().host();
        int port = config.listen().port();
        InetSocketAddress address = host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        var bound = transport
                .listening()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        welcome(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            transport.close();
            throw PandoException.causedBy(bound.cause(), PandoError.PORT_TAKEN, port, host, "--port or listen.port");
        }
        return bound.channel();
    }

    private void welcome(Channel channel) {
        PandoConfig config = config();
        LoopServers servers = Objects.requireNonNull(loops.get(channel.eventLoop()));
        FrameDecoder decoder = new FrameDecoder(config.limits().maxMessageBytes());
        ClientConnection client =
                new ClientConnection(this, servers, decoder, ids.incrementAndGet(), authenticator.bytes(4));
        channel.pipeline().addLast(decoder, client);
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Shards behind this address. */
    public int shardCount() {
        return topology.size();
    }

    /** Clients that have logged in. */
    public int clientCount() {
        return admission.clients();
    }

    /** Whether it has stopped listening. */
    public boolean isClosed() {
        return closed;
    }

    /** In force now: to be asked at each use. */
    PandoConfig config() {
        return live.now();
    }

    Topology topology() {
        return topology;
    }

    Backstage backstage() {
        return backstage;
    }

    Encryption encryption() {
        return encryption;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Limits sessionLimits() {
        PandoConfig.Limits limits = config().limits();
        return new Limits(limits.maxPreparedStatements(), limits.mergeMemory(), limits.maxMessageBytes());
    }

    ServerParameters serverParameters() {
        return serverParameters;
    }

    Admission<ClientConnection> admission() {
        return admission;
    }

    /** A socket is open. Throws TOO_MANY_LOGINS when there are too many that have not logged in. */
    void arrived(ClientConnection client) {
        admission.arrived(client, client.sinceNanos());
        clients.put(client.id(), client);
    }

    void gone(ClientConnection client) {
        clients.remove(client.id());
        admission.gone(client);
    }

    /** Who knows the secret may cancel; who does not learns nothing. */
    void cancel(int id, byte[] secret, Runnable then) {
        ClientConnection client = clients.get(id);
        if (client != null && MessageDigest.isEqual(client.secret(), secret)) {
            client.cancel(then);
        } else {
            then.run();
        }
    }

    /** Connected clients, in the order they came. */
    public List<ClientSnapshot> clients() {
        List<ClientSnapshot> all = new ArrayList<>();
        onLoops(servers -> clients.values().stream()
                        .filter(client -> client.servers() == servers)
                        .map(ClientSnapshot::of)
                        .toList())
                .forEach(all::addAll);
        all.sort(Comparator.comparingLong(ClientSnapshot::id));
        return all;
    }

    /** Server connections of all loops. */
    public List<ServerSnapshot> servers() {
        List<ServerSnapshot> all = new ArrayList<>();
        onLoops(servers ->
                        servers.connections().stream().map(ServerSnapshot::of).toList())
                .forEach(all::addAll);
        return all;
    }

    /** A shard's pools, all loops and users together. */
    public PoolStatistics pool(ShardId shard) {
        return onLoops(servers -> servers.statistics(shard)).stream().reduce(PoolStatistics.NONE, PoolStatistics::plus);
    }

    /** Pools per shard and user, all loops together, in the order of shards. */
    public List<PoolSnapshot> pools() {
        Map<List<Object>, PoolSnapshot> sums = new HashMap<>();
        for (List<PoolSnapshot> ofLoop : onLoops(LoopServers::poolSnapshots)) {
            ofLoop.forEach(part -> sums.merge(
                    List.of(part.shard(), part.user()),
                    part,
                    (one, two) -> new PoolSnapshot(
                            one.shard(), one.user(), one.counts().plus(two.counts()))));
        }
        return sums.values().stream()
                .sorted(Comparator.comparingInt(
                                (PoolSnapshot pool) -> pool.shard().index())
                        .thenComparing(PoolSnapshot::user))
                .toList();
    }

    /** A shard's traffic, all loops together. */
    public TrafficSnapshot traffic(ShardId shard) {
        return onLoops(servers -> servers.traffic(shard).snapshot()).stream()
                .reduce(TrafficSnapshot.NONE, TrafficSnapshot::plus);
    }

    /** What is counted of clients, whatever shards they turn to. */
    public TrafficSnapshot clientTraffic() {
        return onLoops(servers -> servers.clientTraffic().snapshot()).stream()
                .reduce(TrafficSnapshot.NONE, TrafficSnapshot::plus);
    }

    /** Connections that have not logged in yet. */
    public int loggingInCount() {
        return admission.loggingIn();
    }

    /** PAUSE and the like. */
    public AdminControl operations() {
        return operations;
    }

    private interface Reading<T> {
        T of(LoopServers servers);
    }

    /** Each loop reads its own state; a loop that does not answer within a second is left out. */
    private <T> List<T> onLoops(Reading<T> reading) {
        List<Future<T>> asked = new ArrayList<>();
        for (LoopServers servers : loops.values()) {
            Callable<T> task = () -> reading.of(servers);
            asked.add(servers.loop().submit(task));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : asked) {
            try {
                answers.add(answer.get(1, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return answers;
            } catch (ExecutionException e) {
                throw PandoException.causedBy(e, PandoError.BUG, "reading statistics: " + e.getCause());
            } catch (TimeoutException e) {
                answer.cancel(false);
            }
        }
        return answers;
    }

    /** Stops listening, tells the clients and hangs up; statements under way end with their server connections. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        for (ClientConnection client : List.copyOf(clients.values())) {
            client.servers().loop().execute(() -> client.fatal(new PandoException(PandoError.SHUTTING_DOWN)));
        }
        for (LoopServers servers : loops.values()) {
            servers.loop().submit(servers::close).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        transport.close();
    }
}

package dev.pando.server.net;

import dev.pando.base.auth.ScramKeys;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Tunable;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.session.Limits;
import dev.pando.core.sight.SightCounts;
import dev.pando.core.sight.SightStats;
import dev.pando.core.topology.Address;
import dev.pando.server.admin.AdminConsole;
import dev.pando.server.admin.AdminControl;
import dev.pando.server.admin.Place;
import dev.pando.server.admin.StatementPlan;
import dev.pando.server.auth.Authenticator;
import dev.pando.server.sight.SightLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PostgreSQL address: accepts clients and gives each to an event loop, where it stays with that loop's server connections. */
public final class Endpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final LiveConfig live;
    private final Databases databases;
    private final AdminConsole console;
    private final Authenticator authenticator;
    private volatile Encryption encryption;
    private final Transport transport;
    private final Map<EventLoop, LoopServers> loops = new HashMap<>();
    private final Map<Integer, ClientConnection> clients = new ConcurrentHashMap<>();
    private final Admission<ClientConnection> admission;
    private final ClientIds ids;
    private final Departure departure = new Departure(this);
    private final CancelRouting cancels;
    private final @Nullable Predecessor predecessor;
    private final Listeners listeners;
    private final PausedPlaces paused = new PausedPlaces();
    private final Operations operations;
    private final ServerBounds bounds;
    private final Journal journal;
    private final SightLog onlooker;
    private final Succession succession;
    private final StatementPlans plans;

    private volatile boolean closed;

    /** Binds the address. Throws PORT_TAKEN when it cannot. {@code predecessor}: whose listening sockets are taken over, null for none. */
    public Endpoint(LiveConfig live, Databases databases, AdminConsole console, @Nullable Predecessor predecessor) {
        PandoConfig config = live.now();
        this.predecessor = predecessor;
        this.ids = new ClientIds(config.listen().node().number(), clients::containsKey);
        this.live = live;
        this.databases = databases;
        this.console = console;
        this.plans = new StatementPlans(
                databases,
                loops.values(),
                id -> onLoops(servers -> servers.sight().explainable(id)));
        this.operations = new Operations(live, loops.values(), clients, paused, departure::begin);
        this.authenticator = new Authenticator(config);
        this.encryption = new Encryption(config);
        this.admission =
                new Admission<>(config.listen().maxClients(), config.listen().maxLogins(), ClientConnection::tooLate);
        // More loops than connections would take turns with them, each time at the price of a login.
        int count = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), config.smallestPool()));
        this.transport = new Transport(count, live);
        this.cancels = new CancelRouting(transport);
        this.journal = new Journal(live);
        this.onlooker = new SightLog(live);
        ServerBounds bounds = new ServerBounds(config);
        this.bounds = bounds;
        LoopServers.Known known = new LoopServers.Known(
                databases,
                paused,
                new ScramKeys(),
                authenticator,
                this::encryption,
                bounds,
                new Roles(),
                journal,
                onlooker,
                this::logStatistics);
        for (EventLoop loop : transport.loops()) {
            LoopServers.Share share = new LoopServers.Share(loops.size(), count);
            loops.put(loop, new LoopServers(loop, transport, config, known, share));
        }
        this.listeners = listen(predecessor == null ? Inherited.fromSystem() : predecessor.sockets());
        this.succession = new Succession(this, transport, listeners, predecessor);
        live.follow(this::prepare);
    }

    /** What is made of settings is made anew; all loops are on the new ones a moment later. */
    private Runnable prepare(PandoConfig next) {
        Encryption nextEncryption = new Encryption(next);
        Runnable nextLogins = authenticator.prepare(next);
        return () -> {
            encryption = nextEncryption;
            nextLogins.run();
            databases.reconfigure(next);
            bounds.reconfigure(next);
            admission.limits(next.listen().maxClients(), next.listen().maxLogins());
            for (LoopServers servers : loops.values()) {
                servers.loop().execute(() -> servers.reconfigure(next));
            }
        };
    }

    private Listeners listen(List<Inherited> inherited) {
        ChannelInitializer<Channel> clients = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                welcome(channel);
            }
        };
        try {
            return Listeners.open(transport, config().listen(), clients, inherited);
        } catch (PandoException e) {
            transport.close();
            throw e;
        }
    }

    private void welcome(Channel channel) {
        PandoConfig config = config();
        transport.accepted(channel);
        LoopServers servers = Objects.requireNonNull(loops.get(channel.eventLoop()));
        FrameDecoder decoder = new FrameDecoder(config.limits().maxMessageBytes());
        ClientConnection client = new ClientConnection(this, servers, decoder, ids.next(), authenticator.bytes(4));
        channel.pipeline().addLast(decoder, client);
    }

    public int port() {
        return listeners.port();
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

    Databases databases() {
        return databases;
    }

    AdminConsole console() {
        return console;
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

    /** The version of a server, of the first database's if it has been heard of. */
    String serverVersion() {
        return databases.all().stream()
                .map(database -> database.parameters().version())
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("18.0");
    }

    Admission<ClientConnection> admission() {
        return admission;
    }

    Journal journal() {
        return journal;
    }

    private void logStatistics() {
        if (config().logging().statistics() && !closed) {
            double seconds = config().logging().statisticsPeriod().toMillis() / 1000.0;
            for (Database database : databases.all()) {
                database.topology()
                        .shards()
                        .forEach(shard -> journal.statistics(
                                database.name(), shard, traffic(new Place(database.name(), shard.id())), seconds));
            }
        }
    }

    /** What a client counts towards. */
    List<Admission.Group> groups(String user, String database) {
        PandoConfig config = config();
        return List.of(
                new Admission.Group("user", user, config.limitOfUser(Tunable.MAX_CLIENTS, user)),
                new Admission.Group("database", database, config.limitOfDatabase(Tunable.MAX_CLIENTS, database)));
    }

    /** A socket is open. Throws TOO_MANY_LOGINS when there are too many that have not logged in. */
    void arrived(ClientConnection client) {
        admission.arrived(client, client.sinceNanos());
        clients.put(client.id(), client);
    }

    void gone(ClientConnection client) {
        clients.remove(client.id());
        admission.gone(client);
        Database left = client.database();
        if (left != null) {
            databases.left(left, System.nanoTime());
        }
    }

    /** Who knows the secret may cancel; who does not learns nothing. {@code loop} is the one that asks. */
    void cancel(EventLoop loop, int id, byte[] secret, Runnable then) {
        int node = ClientIds.node(id);
        Address peer = CancelRouting.passedOn(secret) ? null : CancelRouting.peer(config(), node);
        if (peer == null) {
            cancelHere(id, CancelRouting.original(secret), then);
        } else {
            cancels.pass(loop, peer, id, secret, then);
        }
    }

    /** For a client of this process, or of those before it that still serve some. */
    private void cancelHere(int id, byte[] secret, Runnable then) {
        if (!cancelOwn(id, secret, then)) {
            if (predecessor != null) {
                predecessor.cancel(id, secret);
            }
            then.run();
        }
    }

    /** False when it is for none of this process' clients; {@code then} is not run in that case. */
    boolean cancelOwn(int id, byte[] secret, Runnable then) {
        ClientConnection client = clients.get(id);
        if (client == null || !MessageDigest.isEqual(client.secret(), secret)) {
            return false;
        }
        client.cancel(then);
        return true;
    }

    /** From the process before this one, and to the one after. */
    public Succession succession() {
        return succession;
    }

    Departure departure() {
        return departure;
    }

    /** Completes when a shutdown has nothing left to wait for; then it is to be closed. */
    public CompletableFuture<Void> over() {
        return departure.over();
    }

    /** Whether a shutdown has begun. */
    public boolean departing() {
        return departure.begun();
    }

    boolean hangingUp() {
        return departure.hangingUp();
    }

    /** Clients a shutdown waits for: all but those of the admin database. */
    long sessions() {
        return clients.values().stream().filter(client -> !client.isAdmin()).count();
    }

    void hangUpOnIdle() {
        clients.values().forEach(client -> client.servers().loop().execute(client::leaveWhenIdle));
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
    public PoolStatistics pool(Place place) {
        return onLoops(servers -> servers.statistics(place)).stream().reduce(PoolStatistics.NONE, PoolStatistics::plus);
    }

    /** Pools per database, shard and user, all loops together. */
    public List<PoolSnapshot> pools() {
        Map<List<Object>, PoolSnapshot> sums = new HashMap<>();
        for (List<PoolSnapshot> ofLoop : onLoops(LoopServers::poolSnapshots)) {
            ofLoop.forEach(part -> sums.merge(
                    List.of(part.database(), part.shard(), part.user()),
                    part,
                    (one, two) -> new PoolSnapshot(
                            one.database(),
                            one.shard(),
                            one.user(),
                            one.counts().plus(two.counts()))));
        }
        return sums.values().stream()
                .sorted(Comparator.comparing(PoolSnapshot::database)
                        .thenComparing(PoolSnapshot::shard)
                        .thenComparing(PoolSnapshot::user))
                .toList();
    }

    /** A shard's traffic, all loops together. */
    public TrafficSnapshot traffic(Place place) {
        return onLoops(servers -> servers.traffic(place)).stream().reduce(TrafficSnapshot.NONE, TrafficSnapshot::plus);
    }

    /** What is counted of clients, whatever shards they turn to. */
    public TrafficSnapshot clientTraffic() {
        return onLoops(servers -> servers.clientTraffic().snapshot()).stream()
                .reduce(TrafficSnapshot.NONE, TrafficSnapshot::plus);
    }

    /** What is seen of statements, all loops together. */
    public SightStats sight() {
        return SightStats.sum(onLoops(servers -> servers.sight().snapshot()));
    }

    /** How servers would run the statement with this number, as they tell; waits for them. */
    public StatementPlan plan(long statement) {
        return plans.of(statement);
    }

    /** What monitoring asks of that. */
    public SightCounts sightCounts() {
        return SightCounts.sum(onLoops(servers -> servers.sight().counts()));
    }

    /** Shows single statements to the log and to collectors of spans. */
    public SightLog onlooker() {
        return onlooker;
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

    /** Each loop reads its own state; a loop that does not answer within a second is left out, and so is one that has ended. */
    private <T> List<T> onLoops(Reading<T> reading) {
        List<Future<T>> asked = new ArrayList<>();
        for (LoopServers servers : loops.values()) {
            Callable<T> task = () -> reading.of(servers);
            try {
                asked.add(servers.loop().submit(task));
            } catch (RejectedExecutionException over) {
                LOG.debug("an event loop has ended", over);
            }
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
        departure.over().complete(null);
        succession.close();
        for (ClientConnection client : List.copyOf(clients.values())) {
            client.servers().loop().execute(() -> client.fatal(new PandoException(PandoError.SHUTTING_DOWN)));
        }
        for (LoopServers servers : loops.values()) {
            servers.loop().submit(servers::close).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        transport.close();
        authenticator.close();
        onlooker.close();
    }
}

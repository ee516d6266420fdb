package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.pool.Allowance;
import dev.pando.core.pool.Pool;
import dev.pando.core.pool.PoolSettings;
import dev.pando.core.topology.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A simulated world: model servers, pools of connections to them, clock and network. Clients join it by {@link SimulatedClient}. */
final class World {
    /** What may go wrong in a world. */
    record Faults(
            boolean serverDeaths,
            boolean connectionDeaths,
            boolean disconnects,
            boolean cancels,
            boolean queueTimeouts,
            boolean impatientRecovery,
            boolean collapse,
            Network network) {
        static final Faults NONE = new Faults(false, false, false, false, false, false, false, Network.RELIABLE);

        /** Whether clients may hear of errors: of late bytes they do not. */
        boolean any() {
            return !equals(NONE.on(new Network(network.stalls(), false, false, false)));
        }

        Faults on(Network other) {
            return new Faults(
                    serverDeaths,
                    connectionDeaths,
                    disconnects,
                    cancels,
                    queueTimeouts,
                    impatientRecovery,
                    collapse,
                    other);
        }
    }

    /**
     * What the network may do besides being slow and cutting bytes anywhere.
     *
     * @param stalls nothing arrives for long, in one direction
     * @param resets both directions end, perhaps in the middle of a message, and what was sent is lost in part
     * @param deaf a client listens and does not read
     * @param halfOpen one side is gone, and the other hears of it long after, when keepalive finds out
     */
    record Network(boolean stalls, boolean resets, boolean halfOpen, boolean deaf) {
        static final Network RELIABLE = new Network(false, false, false, false);
    }

    /** How much there is of what. */
    record Size(int shards, int poolSize, Duration queueTimeout) {
        static Size of(int shards, int poolSize) {
            return new Size(shards, poolSize, Duration.ofSeconds(100));
        }
    }

    /** A violated promise. */
    static final class Violation extends AssertionError {
        Violation(String message) {
            super(message);
        }
    }

    static final int CONNECT_MICROS = 500;

    /** Names of Pando's own prepared transactions begin so; others are nobody's business of recovery's. */
    static final String OWN = "g";

    /** After which keepalive tells that a peer is gone. */
    static final int KEEPALIVE_MICROS = 60_000;

    private final Chance chance;
    private final Agenda agenda = new Agenda();
    private final TrackedBuffers buffers;
    private final Trace trace;
    private final List<ModelServer> servers = new ArrayList<>();
    private final List<Pool<SimulatedLink>> pools = new ArrayList<>();
    private final List<PoolWatch> watches = new ArrayList<>();
    private final SimulatedListening listening;
    private final Duration queueTimeout;
    private final Faults faults;
    private int transactions;
    private int alterations;
    private long stamps;
    private boolean collapsed;

    World(long seed, Size size, Faults faults, Trace trace) {
        this.chance = new Chance(seed);
        this.trace = trace;
        this.buffers = new TrackedBuffers(trace.kept());
        this.faults = faults;
        this.queueTimeout = size.queueTimeout();
        for (int i = 0; i < size.shards(); i++) {
            ModelServer server = new ModelServer(this, new ShardId(i));
            servers.add(server);
            Allowance.Bound bound = new Allowance.Bound("pool.size", size.poolSize(), 0);
            pools.add(new Pool<>(
                    "shard" + i,
                    settings(),
                    new Allowance().share(List.of(bound), Runnable::run),
                    new Connector(server)));
            watches.add(new PoolWatch("shard" + i, size.poolSize(), queueTimeout.toNanos() / 1_000));
        }
        this.listening = new SimulatedListening(this, servers.getFirst());
    }

    private PoolSettings settings() {
        PoolSettings.Upkeep upkeep = new PoolSettings.Upkeep(
                0,
                Duration.ZERO,
                faults.any() ? Duration.ofMillis(chance.between(1, 40)) : Duration.ofDays(1),
                Duration.ofMillis(chance.between(0, 4)),
                Duration.ofMillis(400),
                chance.oneIn(2));
        return new PoolSettings(10_000, queueTimeout, Duration.ZERO, Duration.ofDays(1), upkeep);
    }

    /** Opens and closes the connections of one pool. */
    private final class Connector implements Pool.Port<SimulatedLink> {
        private final ModelServer server;

        Connector(ModelServer server) {
            this.server = server;
        }

        @Override
        public void open() {
            agenda.after(chance.between(1, CONNECT_MICROS), () -> {
                Pool<SimulatedLink> pool = pool(server.shard());
                if (server.alive()) {
                    pool.opened(new SimulatedLink(World.this, server), nanos());
                } else {
                    pool.openFailed(new PandoException(
                            PandoError.SHARD_UNAVAILABLE, server.shard(), "nowhere", "connection refused"));
                }
            });
        }

        @Override
        public void close(SimulatedLink link) {
            link.close();
        }

        @Override
        public void attempt(SimulatedLink link) {
            link.probe(alive -> pool(server.shard()).tried(link, alive, nanos()));
        }
    }

    Chance chance() {
        return chance;
    }

    Agenda agenda() {
        return agenda;
    }

    TrackedBuffers buffers() {
        return buffers;
    }

    List<ModelServer> servers() {
        return servers;
    }

    Pool<SimulatedLink> pool(ShardId shard) {
        return pools.get(shard.index());
    }

    List<Pool<SimulatedLink>> pools() {
        return pools;
    }

    PoolWatch watch(ShardId shard) {
        return watches.get(shard.index());
    }

    List<PoolWatch> watches() {
        return watches;
    }

    void audit(ShardId shard) {
        watch(shard).audit(pool(shard), nanos());
    }

    Faults faults() {
        return faults;
    }

    long nanos() {
        return agenda.now() * 1_000;
    }

    void say(String what) {
        trace.add(agenda.now(), what);
    }

    /** Somebody waits for a lease: the pool must look at its queue when that has taken too long. */
    void tickLater(ShardId shard) {
        agenda.after(queueTimeout.toNanos() / 1_000 + 1, () -> pool(shard).tick(nanos()));
    }

    /** The schema changes on all servers, and the epoch with it. */
    void alter(String shape) {
        alterations++;
        servers.forEach(server -> server.database().shape(shape));
    }

    /** Tells what comes before what. */
    long stamp() {
        return ++stamps;
    }

    SimulatedListening listening() {
        return listening;
    }

    int alterations() {
        return alterations;
    }

    String newTransaction() {
        return OWN + ++transactions;
    }

    /** Finishes what the dead have left prepared, as far as home can be asked. */
    void recover() {
        ModelServer home = servers.getFirst();
        if (!home.alive()) {
            return;
        }
        for (ModelServer server : servers) {
            for (String transaction :
                    server.alive() ? List.copyOf(server.database().prepared().keySet()) : List.<String>of()) {
                if (!transaction.startsWith(OWN)) {
                    continue;
                }
                Boolean outcome = home.database().outcome(transaction);
                say("recovery: " + transaction + " on " + server.shard() + " commits: " + outcome);
                if (outcome != null) {
                    server.database().finish(transaction, outcome);
                }
            }
        }
    }

    /** Pando itself dies: all its connections break, its sessions are no more. */
    void collapse() {
        say("pando dies");
        collapsed = true;
        servers.forEach(server -> server.connections().forEach(SimulatedLink::clientDies));
        listening.clientDies();
    }

    boolean collapsed() {
        return collapsed;
    }
}

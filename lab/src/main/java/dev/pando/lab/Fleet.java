package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shards of real PostgreSQL servers on this machine, each a primary with its streaming hot standbys, all under one folder. Servers
 * that die are started again; when this JVM ends, however it ends, they stop by themselves. May be used by several threads.
 */
public final class Fleet implements AutoCloseable {
    /** How long a primary may take to hand its last changes to its standbys before they are stopped too. */
    private static final Duration HAND_OVER = Duration.ofSeconds(3);

    private static final Duration REPLAY_POLL = Duration.ofMillis(5);
    private static final int REPLAY_POLLS = 2_000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final FleetFolder folder;
    private final Ground ground;
    private final SortedMap<ServerName, Keeper> keepers = new TreeMap<>();
    private final Followers followers;
    private final AtomicInteger stepsDone = new AtomicInteger();
    private int steps;

    private Fleet(FleetFolder folder, Ground ground) {
        this.folder = folder;
        this.ground = ground;
        ground.servers().forEach(server -> keepers.put(server.name(), new Keeper(ground, server)));
        this.followers = new Followers(ground, keepers);
    }

    /** Creates the fleet of {@code options}, or starts the one that is in its folder. All servers take connections on return. */
    public static Fleet open(FleetOptions options) {
        return open(options, Surroundings.usual());
    }

    static Fleet open(FleetOptions options, Surroundings surroundings) {
        try {
            return openOrThrow(options, surroundings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PandoException.causedBy(e, PandoError.SERVER_START_FAILED, "fleet", "interrupted");
        } catch (PandoException e) {
            throw e;
        } catch (Exception e) {
            throw PandoException.causedBy(e, PandoError.SERVER_START_FAILED, "fleet", e);
        }
    }

    private static Fleet openOrThrow(FleetOptions options, Surroundings surroundings) throws Exception {
        FleetFolder folder = FleetFolder.open(options, surroundings);
        Fleet fleet;
        try {
            fleet = new Fleet(folder, new Ground(options, surroundings, folder, Programs.ofThisMachine()));
        } catch (IOException | InterruptedException | RuntimeException e) {
            folder.close();
            throw e;
        }
        try {
            fleet.begin();
            return fleet;
        } catch (Exception e) {
            fleet.close();
            throw e;
        }
    }

    private void begin() throws Exception {
        List<Server> servers = ground.servers();
        Tasks.onEach(servers, Server::cleanUp);
        ground.choosePorts(servers);
        int missing = (int) servers.stream().filter(server -> !server.exists()).count();
        steps = servers.size() + missing;
        Tasks.onEach(IntStream.range(0, folder.state().shards()).boxed().toList(), this::beginShard);
        keepers.values().forEach(Keeper::begin);
        followers.begin();
    }

    /** Waits until the standby knows the application's role and database; one that lags longer than that is left to catch up. */
    private void awaitReplay(Server standby, String position) throws SQLException, InterruptedException {
        try (Connection connection = ground.connect(standby)) {
            for (int i = 0; i < REPLAY_POLLS && !FleetSql.hasReplayed(connection, position); i++) {
                if (ground.closesWithin(REPLAY_POLL)) {
                    return;
                }
            }
        }
    }

    private void beginShard(int shard) throws IOException, SQLException, InterruptedException {
        Server primary = ground.server(ServerName.primary(shard));
        List<Server> standbys = ground.standbys(shard);
        if (!primary.exists()) {
            ground.createShard(shard);
            standbys.forEach(standby -> step(standby + " created"));
            step(primary + " created");
        }
        List<Server> launched = new ArrayList<>(standbys);
        launched.removeIf(standby -> !standby.exists());
        launched.addFirst(primary);
        for (Server server : launched) {
            ground.rememberCreated(server);
            ground.launch(server);
        }
        awaitReady(primary);
        String position = prepare(primary, launched);
        for (Server standby : standbys) {
            if (!launched.contains(standby)) {
                ground.cloneStandby(standby);
                step(standby + " created");
                ground.launch(standby);
            }
            awaitReadyOrReclone(standby);
            if (position != null) {
                awaitReplay(standby, position);
            }
        }
    }

    /** Sees to slots, role and database; tells the log's position after it if the role or the database is new. */
    private @Nullable String prepare(Server primary, List<Server> launched) throws SQLException {
        try (Connection connection = ground.connect(primary)) {
            for (Server server : launched) {
                if (!server.name().isPrimary()) {
                    FleetSql.ensureSlot(connection, server.name().slot());
                }
            }
            return ground.ensureApplication(connection, primary) ? FleetSql.walPosition(connection) : null;
        }
    }

    private void awaitReady(Server server) throws IOException, InterruptedException {
        server.awaitReady();
        ground.tell(new FleetEvent.ServerReady(server.name(), ground.port(server.name()), server.pid()));
        step(server + " ready");
    }

    private void awaitReadyOrReclone(Server standby) throws IOException, SQLException, InterruptedException {
        try {
            awaitReady(standby);
        } catch (PandoException e) {
            ground.tell(new FleetEvent.ServerRecloning(standby.name(), String.valueOf(e.getMessage())));
            standby.signal(ServerProcess.Stop.IMMEDIATE);
            standby.awaitEnd(STOP_LIMIT);
            ground.cloneStandby(standby);
            ground.launch(standby);
            awaitReady(standby);
        }
    }

    private void step(String what) {
        ground.tell(new FleetEvent.Progress(stepsDone.incrementAndGet(), steps, what));
    }

    /** Where the servers are right now. */
    public List<FleetShard> shards() {
        return IntStream.range(0, folder.state().shards())
                .mapToObj(shard -> new FleetShard(
                        shard,
                        describe(ground.server(ServerName.primary(shard))),
                        ground.standbys(shard).stream().map(this::describe).toList()))
                .toList();
    }

    private FleetServer describe(Server server) {
        return new FleetServer(server.name(), "127.0.0.1", ground.port(server.name()), server.pid());
    }

    /** The superuser of all servers. */
    public Login superuser() {
        return ground.superuser();
    }

    /** Stops all servers, primaries first so that their standbys have everything, and gives the folder free. */
    @Override
    public void close() {
        ground.announceClosing();
        try {
            Tasks.onEach(IntStream.range(0, folder.state().shards()).boxed().toList(), this::stopShard);
            for (Keeper keeper : keepers.values()) {
                keeper.join(STOP_LIMIT);
            }
            followers.join(STOP_LIMIT);
            folder.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (PandoException e) {
            throw e;
        } catch (Exception e) {
            throw PandoException.causedBy(e, PandoError.BUG, "fleet does not close: " + e);
        }
    }

    private void stopShard(int shard) throws InterruptedException {
        Server primary = ground.server(ServerName.primary(shard));
        primary.signal(ServerProcess.Stop.FAST);
        primary.awaitEnd(HAND_OVER);
        List<Server> all = new ArrayList<>(ground.standbys(shard));
        all.forEach(standby -> standby.signal(ServerProcess.Stop.FAST));
        all.add(primary);
        for (Server server : all) {
            if (!server.awaitEnd(STOP_LIMIT)) {
                server.signal(ServerProcess.Stop.IMMEDIATE);
                server.awaitEnd(STOP_LIMIT);
            }
        }
    }
}

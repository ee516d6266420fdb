package dev.pando.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * What all servers of one fleet share: folder, programs, ports, the superuser and the news that the fleet closes. Used by the keepers'
 * threads; {@code portLock} guards the choice of ports and is never held together with another lock.
 */
final class Ground {
    private final FleetOptions options;
    private final Surroundings surroundings;
    private final FleetFolder folder;
    private final Login superuser;
    private final SortedMap<ServerName, Server> servers = new TreeMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ReentrantLock portLock = new ReentrantLock();
    private final Programs programs;

    Ground(FleetOptions options, Surroundings surroundings, FleetFolder folder, Programs programs)
            throws IOException, InterruptedException {
        this.options = options;
        this.surroundings = surroundings;
        this.folder = folder;
        this.programs = programs;
        programs.launcher().own(folder.path());
        programs.launcher().requireReachable(folder.path());
        this.superuser = folder.superuser();
        for (ServerName name : folder.state().servers()) {
            servers.put(name, new Server(name, programs, folder.path()));
        }
    }

    List<Server> servers() {
        return List.copyOf(servers.values());
    }

    Server server(ServerName name) {
        Server server = servers.get(name);
        if (server == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return server;
    }

    List<Server> standbys(int shard) {
        return servers.values().stream()
                .filter(server ->
                        server.name().shard() == shard && !server.name().isPrimary())
                .toList();
    }

    Login superuser() {
        return superuser;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Instant now() {
        return surroundings.clock().instant();
    }

    void tell(FleetEvent event) {
        options.listener().accept(event);
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    void announceClosing() {
        closing.countDown();
    }

    /** Waits; true if the fleet began to close meanwhile. */
    boolean closesWithin(Duration wait) throws InterruptedException {
        return closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    int port(ServerName server) {
        Integer port = folder.state().ports().get(server);
        return port == null ? 0 : port;
    }

    /** Gives a free port to each server that has none or whose port is a stranger's now; call it while none of them runs. */
    void choosePorts(List<Server> stopped) throws IOException {
        portLock.lock();
        try {
            RandomGenerator random = new SecureRandom();
            SortedMap<ServerName, Integer> ports = new TreeMap<>(folder.state().ports());
            Set<Integer> taken = new HashSet<>(ports.values());
            for (Server server : stopped) {
                Integer port = ports.get(server.name());
                if (port == null || !Ports.isFree(port)) {
                    int chosen = Ports.free(random, taken);
                    taken.add(chosen);
                    ports.put(server.name(), chosen);
                }
            }
            if (!ports.equals(folder.state().ports())) {
                folder.rememberPorts(ports);
            }
        } finally {
            portLock.unlock();
        }
    }

    /** Starts the process of a server that has data and a port. */
    void launch(Server server) throws IOException {
        configure(server);
        server.launch(port(server.name()));
        if (isClosing()) {
            server.signal(ServerProcess.Stop.FAST);
        }
    }

    private void configure(Server server) throws IOException {
        ServerName name = server.name();
        Map<String, String> settings = FleetSettings.of(name, options.settings());
        if (!name.isPrimary()) {
            int port = port(ServerName.primary(name.shard()));
            settings = FleetSettings.following(settings, name, port, superuser);
        }
        server.configure(settings);
    }

    /** Starts a server again whose process ended; if it has to move to another port its standbys are told. */
    void relaunch(Server server) throws IOException, InterruptedException {
        server.cleanUp();
        int before = port(server.name());
        choosePorts(List.of(server));
        launch(server);
        if (server.name().isPrimary() && port(server.name()) != before) {
            for (Server standby : standbys(server.name().shard())) {
                configure(standby);
                standby.reload();
            }
        }
    }

    /** Makes a shard's primary, and its standbys from the primary's untouched files. */
    void createShard(int shard) throws IOException, InterruptedException {
        Server primary = server(ServerName.primary(shard));
        Path target = primary.unfinished();
        primary.initialise(target, superuser);
        List<Path> copies = new ArrayList<>();
        for (Server standby : standbys(shard)) {
            standby.discard();
            Path copy = standby.unfinished();
            Standbys.copyCold(target, copy);
            programs.launcher().own(copy);
            copies.add(copy);
        }
        // The primary first: a standby's name never stands for a copy of a cluster that was not finished.
        primary.finish(target);
        for (int i = 0; i < copies.size(); i++) {
            standbys(shard).get(i).finish(copies.get(i));
        }
    }

    void rememberCreated(Server server) throws IOException {
        folder.rememberCreated(server.name());
    }

    /** Makes a standby's data anew from its running primary; what it had is lost. */
    void cloneStandby(Server standby) throws IOException, SQLException, InterruptedException {
        standby.cleanUp();
        standby.discard();
        Path target = standby.unfinished();
        Server primary = server(ServerName.primary(standby.name().shard()));
        try (Connection connection = connect(primary)) {
            Standbys.copyLive(connection, primary.data(), target, standby.name().slot());
        }
        programs.launcher().own(target);
        standby.finish(target);
        rememberCreated(standby);
    }

    Connection connect(Server server) throws SQLException {
        return FleetSql.connect(port(server.name()), "postgres", superuser);
    }

    boolean ensureApplication(Connection connection, Server primary) throws SQLException {
        return FleetSql.ensureApplication(connection, port(primary.name()), options.application(), options.database());
    }
}

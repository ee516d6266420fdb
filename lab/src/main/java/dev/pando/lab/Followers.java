package dev.pando.lab;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks regularly whether the standbys follow their primaries, and has those copied anew that cannot: their slot was invalidated
 * because they were away too long, or they run and yet have not been connected for a while. Owned by its one thread.
 */
final class Followers {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final int MOST_DOUBLINGS = 6;

    private final Ground ground;
    private final Map<ServerName, Keeper> keepers;
    private final Map<ServerName, Instant> apartSince = new HashMap<>();
    private final Map<ServerName, Integer> reclones = new HashMap<>();
    private final Map<ServerName, Connection> connections = new HashMap<>();
    private final Thread thread;

    Followers(Ground ground, Map<ServerName, Keeper> keepers) {
        this.ground = ground;
        this.keepers = keepers;
        this.thread = Thread.ofVirtual().name("followers").unstarted(this::watch);
    }

    void begin() {
        thread.start();
    }

    void join(Duration limit) throws InterruptedException {
        if (thread.getState() != Thread.State.NEW) {
            thread.join(limit);
        }
    }

    private void watch() {
        try {
            while (!ground.closesWithin(ground.surroundings().followCheck())) {
                for (Server server : ground.servers()) {
                    if (server.name().isPrimary() && server.pid() != 0) {
                        look(server);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.keySet().stream().toList().forEach(this::disconnect);
        }
    }

    private void look(Server primary) {
        try {
            Connection connection = connection(primary);
            Map<String, FleetSql.Slot> slots = FleetSql.slots(connection);
            for (Server standby : ground.standbys(primary.name().shard())) {
                FleetSql.Slot slot = slots.get(standby.name().slot());
                if (slot == null) {
                    FleetSql.ensureSlot(connection, standby.name().slot());
                } else {
                    judge(standby, slot);
                }
            }
        } catch (SQLException e) {
            LOG.debug("{} does not answer: {}", primary.name(), e.getMessage());
            disconnect(primary.name());
        }
    }

    private void judge(Server standby, FleetSql.Slot slot) {
        ServerName name = standby.name();
        if (slot.active() || standby.pid() == 0) {
            apartSince.remove(name);
            return;
        }
        Instant since = apartSince.computeIfAbsent(name, key -> ground.now());
        Duration apart = Duration.between(since, ground.now());
        int earlier = reclones.getOrDefault(name, 0);
        Duration limit = ground.surroundings().followLimit().multipliedBy(1L << Math.min(earlier, MOST_DOUBLINGS));
        if (slot.lost()) {
            reclone(name, "its primary no longer has the log it needs");
        } else if (apart.compareTo(limit) >= 0) {
            reclone(name, "it has not followed its primary for " + apart.toSeconds() + " s");
        }
    }

    private void reclone(ServerName name, String reason) {
        apartSince.remove(name);
        reclones.merge(name, 1, Integer::sum);
        Keeper keeper = keepers.get(name);
        if (keeper != null) {
            keeper.reclone(reason);
        }
    }

    private Connection connection(Server primary) throws SQLException {
        Connection known = connections.get(primary.name());
        if (known != null) {
            return known;
        }
        Connection fresh = ground.connect(primary);
        connections.put(primary.name(), fresh);
        return fresh;
    }

    private void disconnect(ServerName primary) {
        try (Connection connection = connections.remove(primary)) {
            LOG.debug("connection to {} closed: {}", primary, connection);
        } catch (SQLException e) {
            LOG.debug("{}: {}", primary, e.getMessage());
        }
    }
}

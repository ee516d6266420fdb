package dev.pando.lab;

import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server running: waits for its end on a virtual thread of its own and starts it again, later each time. Only this thread
 * starts the server or touches its data once the fleet is open; a request to copy a standby anew is left for it by others, who then
 * stop the server.
 */
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Ground ground;
    private final Server server;
    private final AtomicReference<@Nullable String> recloneReason = new AtomicReference<>();
    private final Thread thread;

    Keeper(Ground ground, Server server) {
        this.ground = ground;
        this.server = server;
        this.thread = Thread.ofVirtual().name("keeper of " + server.name()).unstarted(this::keep);
    }

    /** Begins to watch over the running server. */
    void begin() {
        thread.start();
    }

    /** Waits for the thread's end after the fleet has announced that it closes. */
    void join(Duration limit) throws InterruptedException {
        if (thread.getState() != Thread.State.NEW) {
            thread.join(limit);
        }
    }

    /** Stops the standby and has its data copied anew. */
    void reclone(String reason) {
        recloneReason.set(reason);
        server.signal(ServerProcess.Stop.IMMEDIATE);
    }

    private void keep() {
        RestartPolicy policy = ground.surroundings().restarts();
        int attempt = 0;
        try {
            while (true) {
                Instant since = ground.now();
                int exit = server.awaitEnd();
                if (ground.isClosing()) {
                    return;
                }
                String reason = recloneReason.getAndSet(null);
                if (reason == null) {
                    ground.tell(new FleetEvent.ServerDied(server.name(), reasonOf(exit)));
                }
                attempt = policy.nextAttempt(attempt, Duration.between(since, ground.now()));
                attempt = revive(attempt, reason);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reasonOf(int exit) {
        return exit > 128 ? "killed by signal " + (exit - 128) : "ended with code " + exit;
    }

    /** Tries until the server is up again or the fleet closes; tells the number of the last attempt. */
    private int revive(int firstAttempt, @Nullable String recloneFirst) throws InterruptedException {
        RestartPolicy policy = ground.surroundings().restarts();
        String reason = recloneFirst;
        for (int attempt = firstAttempt; ; attempt++) {
            Duration delay = policy.delay(attempt);
            if (reason == null) {
                reason = reasonToReclone(attempt);
            }
            ground.tell(
                    reason == null
                            ? new FleetEvent.ServerRestarting(server.name(), attempt, delay)
                            : new FleetEvent.ServerRecloning(server.name(), reason));
            if (ground.closesWithin(delay)) {
                return attempt;
            }
            if (tryStart(reason != null) || ground.isClosing()) {
                return attempt;
            }
            reason = null;
        }
    }

    private @Nullable String reasonToReclone(int attempt) {
        if (server.name().isPrimary()) {
            return null;
        }
        if (!server.exists()) {
            return "it has no data";
        }
        int limit = ground.surroundings().restarts().recloneAfter();
        return attempt % (limit + 1) == 0 ? "it failed " + limit + " times in a row" : null;
    }

    private boolean tryStart(boolean reclone) throws InterruptedException {
        try {
            if (reclone) {
                ground.cloneStandby(server);
            }
            ground.relaunch(server);
            server.awaitReady();
            ground.tell(new FleetEvent.ServerReady(server.name(), ground.port(server.name()), server.pid()));
            return true;
        } catch (IOException | SQLException | PandoException e) {
            LOG.warn("{} could not be started: {}", server.name(), e.getMessage());
            server.signal(ServerProcess.Stop.IMMEDIATE);
            server.awaitEnd(STOP_LIMIT);
            return false;
        }
    }
}

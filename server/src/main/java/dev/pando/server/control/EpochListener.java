package dev.pando.server.control;

import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on home for new epochs of the shard map and asks for a refresh. Looks at the epoch itself every poll interval too: a
 * notification is lost while the connection is, and home may have failed over.
 */
final class EpochListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochListener.class);

    private final FleetConnections fleet;
    private final Duration poll;
    private final Refresher refresher;
    private final Thread thread = Thread.ofVirtual().name("pando-epoch").unstarted(this::run);
    private volatile boolean closed;

    EpochListener(FleetConnections fleet, Duration poll, Refresher refresher) {
        this.fleet = fleet;
        this.poll = poll;
        this.refresher = refresher;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Connection home = fleet.home()) {
                Sql.execute(home, "LISTEN " + MetadataStore.CHANNEL);
                listen(home);
            } catch (SQLException | PandoException e) {
                if (!closed) {
                    LOG.warn("home does not answer, changes by other nodes are not seen: {}", e.getMessage());
                    LockSupport.parkNanos(poll.toNanos());
                }
            }
        }
    }

    private void listen(Connection home) throws SQLException {
        PGConnection notifications = home.unwrap(PGConnection.class);
        while (!closed) {
            if (MetadataStore.epoch(home) != refresher.epoch()) {
                refresher
                        .afterChange()
                        .exceptionally(e -> {
                            LOG.warn("the catalog could not be read again: {}", e.getMessage());
                            return refresher.catalog();
                        })
                        .join();
            }
            PGNotification[] got = notifications.getNotifications((int) poll.toMillis());
            if (got != null && got.length > 0) {
                LOG.debug("epoch {} announced", got[got.length - 1].getParameter());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on home for new epochs of the shard map and asks for a refresh. Looks at the epoch itself every poll interval too: a
 * notification is lost while the connection is, and home may have failed over. The same connection holds the {@link NodeClaim}.
 */
final class EpochListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochListener.class);

    private final FleetConnections fleet;
    private final Duration poll;
    private final Refresher refresher;
    private final NodeClaim claim;
    private @Nullable Connection claiming;
    private final Thread thread = Thread.ofVirtual().name("pando-epoch").unstarted(this::run);
    private volatile boolean closed;

    EpochListener(FleetConnections fleet, Duration poll, Refresher refresher, NodeClaim claim) {
        this.fleet = fleet;
        this.poll = poll;
        this.refresher = refresher;
        this.claim = claim;
    }

    /** Opens the connection and claims the node's name with it. Blocks; throws NODE_NAME_TAKEN, unless it comes free in time anyway. */
    void claim(boolean succeeding) {
        Connection home = fleet.home();
        claiming = home;
        try {
            if (succeeding) {
                claim.inherit(home);
            } else {
                claim.require(home);
            }
        } catch (SQLException e) {
            throw PandoException.causedBy(
                    e, PandoError.SHARD_UNAVAILABLE, ShardId.HOME.index(), "home", String.valueOf(e.getMessage()));
        }
    }

    /** To be called once the name is claimed. */
    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Connection home = claiming == null ? fleet.home() : claiming) {
                claiming = null;
                Sql.execute(home, "LISTEN " + MetadataStore.CHANNEL);
                listen(home);
            } catch (SQLException | RuntimeException e) {
                // Whatever it is, it must not end the listening.
                claim.lost();
                if (!closed) {
                    LOG.warn("home does not answer, changes by other nodes are not seen: {}", e.getMessage());
                    LockSupport.parkNanos(poll.toNanos());
                }
            } finally {
                claim.lost();
            }
        }
        closeUnused();
    }

    private void listen(Connection home) throws SQLException {
        PGConnection notifications = home.unwrap(PGConnection.class);
        while (!closed) {
            claim.renew(home);
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
        if (thread.getState() == Thread.State.NEW) {
            closeUnused();
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end came between the claim and the listening. */
    private void closeUnused() {
        claim.lost();
        try (Connection unused = claiming) {
            LOG.debug("the claim on the node's name ends with {}", unused);
        } catch (SQLException e) {
            LOG.warn("the connection that claimed the node's name did not close: {}", e.getMessage());
        }
    }
}

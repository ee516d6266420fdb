package dev.pando.server.admin;

import dev.pando.core.config.LiveConfig;
import java.util.Set;

/** What an administrator can do to the running endpoint. Called from several threads; what waits can be interrupted. */
public interface AdminControl {
    /**
     * From now on statements outside of transactions wait. Returns when no server connection to these places is left; throws {@code
     * ADMIN_INTERRUPTED} when the pause is ended before that, or the thread interrupted, in which case the pause goes on.
     */
    void pause(Set<Place> places);

    void resume(Set<Place> places);

    /** Sessions that come later get new server connections. */
    void reconnect(Set<Place> places);

    /** Returns when all connections from before the last {@link #reconnect} are closed; may throw {@code ADMIN_INTERRUPTED}. */
    void awaitClosed(Set<Place> places);

    /** False when there is no such client. */
    boolean killClient(long id);

    /** Ends all clients of these places' databases, and pauses the places. */
    void killAll(Set<Place> places);

    Set<Place> paused();

    /** Forgets the statements counted so far. */
    void resetStatements();

    /** Begins to end this Pando, and returns. */
    void shutdown(Shutdown mode);

    /** Reads the configuration again; throws CONFIG_INVALID with all that is wrong, having changed nothing. */
    LiveConfig.Reload reload();
}

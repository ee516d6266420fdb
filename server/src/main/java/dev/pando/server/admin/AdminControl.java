package dev.pando.server.admin;

import dev.pando.core.config.LiveConfig;
import dev.pando.core.topology.ShardId;
import java.util.Set;

/** What an administrator can do to the running endpoint. Called from several threads; what waits can be interrupted. */
public interface AdminControl {
    /**
     * From now on statements outside of transactions wait. Returns when no server connection of these shards is left; throws {@code
     * ADMIN_INTERRUPTED} when the pause is ended before that, or the thread interrupted, in which case the pause goes on.
     */
    void pause(Set<ShardId> shards);

    void resume(Set<ShardId> shards);

    /** Sessions that come later get new server connections. */
    void reconnect(Set<ShardId> shards);

    /** Returns when all connections from before the last {@link #reconnect} are closed; may throw {@code ADMIN_INTERRUPTED}. */
    void awaitClosed(Set<ShardId> shards);

    /** False when there is no such client. */
    boolean killClient(long id);

    /** Ends all clients but those of the admin database, and pauses these shards. */
    void killAll(Set<ShardId> shards);

    Set<ShardId> paused();

    /** Reads the configuration again; throws CONFIG_INVALID with all that is wrong, having changed nothing. */
    LiveConfig.Reload reload();
}

package dev.pando.core.session;

import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.topology.ShardId;
import org.jspecify.annotations.Nullable;

/**
 * A portal as the client knows it. One that lives on a shard's server is executed there; of one that only Pando knows (several shards, or
 * a command Pando runs itself) the first Execute runs the statement, and {@link Rows} are what later ones go on with.
 * A cursor of SQL is a portal too.
 */
final class Portal {
    /** What is left to hand out after an Execute. */
    interface Rows extends Operation {
        /**
         * Hands out more.
         *
         * @param maxRows most rows, 0 for all
         * @param room bytes that may be held in memory
         */
        void fetch(int maxRows, long room, Outcome outcome);

        long heldBytes();

        /** It has failed, and cannot go on even if its transaction does. */
        default boolean failed() {
            return false;
        }

        /** The client closes the portal within its transaction: servers hear of it, memory is given back. */
        void close();
    }

    private final ClientStatement statement;
    private final FrontendMessage.Bind bind;
    private final @Nullable ShardId shard;
    private @Nullable Rows rows;
    private long since;
    private boolean spent;
    private boolean held;

    /**
     * @param shard where it lives on a server, or null
     * @param since the last savepoint's serial when it was bound
     */
    Portal(ClientStatement statement, FrontendMessage.Bind bind, @Nullable ShardId shard, long since) {
        this.statement = statement;
        this.bind = bind;
        this.shard = shard;
        this.since = since;
    }

    ClientStatement statement() {
        return statement;
    }

    FrontendMessage.Bind bind() {
        return bind;
    }

    @Nullable
    ShardId shard() {
        return shard;
    }

    @Nullable
    Rows rows() {
        return rows;
    }

    void rows(Rows left) {
        rows = left;
    }

    /** It has run, and ran to its end unless there are {@link #rows}. */
    boolean spent() {
        return spent;
    }

    /** What servers have of it is younger than the savepoint with this serial. */
    void spend(long savepoint) {
        spent = true;
        since = savepoint;
    }

    /** Whether going back to the savepoint with this serial undoes it. */
    boolean undoneBy(long savepoint) {
        return since >= savepoint;
    }

    /** It is a cursor that outlives its transaction. */
    Portal held() {
        held = true;
        return this;
    }

    boolean isHeld() {
        return held;
    }

    /** Its transaction has committed: no savepoint undoes it. */
    void outlived() {
        since = -1;
    }

    boolean hasOutlived() {
        return since < 0;
    }

    long heldBytes() {
        return rows == null ? 0 : rows.heldBytes();
    }

    void close() {
        if (rows != null) {
            rows.close();
        }
    }

    /** Its transaction is over, and with it what servers had of it. */
    void release() {
        if (rows != null) {
            rows.abandon();
        }
    }
}

package dev.pando.core.session;

import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;

/**
 * Hears what becomes of one session's statements: the one place where both protocols, COPY, cursors and statements on several shards come
 * together. Statements end in the order in which they have begun. It is told of every message and every statement, so nothing is allocated
 * for it, and whoever listens should not allocate either.
 */
public interface StatementWatch {
    /** Nobody listens. */
    StatementWatch NONE = new StatementWatch() {};

    /** A message of the client, of which so many bytes have come. */
    default void received(byte type, int bytes) {}

    /** A statement begins to run, behind those that have begun before it. */
    default void begun(Planned planned) {}

    /** As above, of a statement that concerns this shard. */
    default void begunOn(ShardId shard, Planned planned) {
        begun(planned);
        goesTo(shard);
    }

    /** A request of a session whose statements are not read. */
    default void begunUnread() {}

    /** The statement begun last stands for this one: it is an EXECUTE. */
    default void standsFor(Planned planned) {}

    /** The statement begun last concerns this shard, too. */
    default void goesTo(ShardId shard) {}

    /** Of the eldest statement, which concerns several shards, this one has answered all. */
    default void answered(ShardId shard) {}

    /** So many rows came of the eldest statement. */
    default void rows(long rows) {}

    /** The eldest statement has succeeded. */
    default void ended() {}

    /** An error: that of the eldest statement, if one has begun. Those behind it do not run. */
    default void failed() {}

    /** Everything that came so far is answered. {@code open}: a transaction goes on. */
    default void rests(boolean open) {}
}

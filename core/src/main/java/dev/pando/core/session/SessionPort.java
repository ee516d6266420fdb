package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.CatalogPort;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a session can do to the world. Calls return at once; answers come back on the session's own event loop, possibly before the
 * call returns. The simulator implements this with a simulated clock and scripted servers, the server with sockets.
 */
public interface SessionPort extends CatalogPort {
    ByteBufAllocator allocator();

    /** Queues whole messages for the client; ownership passes. */
    void toClient(ByteBuf messages);

    /** Queues a whole message that stays the caller's, for the client. */
    default void forward(ByteBuf message) {
        toClient(message.retainedDuplicate());
    }

    void flushClient();

    /** An error was put together for the client, by Pando or from what servers said. */
    default void told(ErrorFields error) {}

    /** Who hears of the session's statements. */
    default StatementWatch watch() {
        return StatementWatch.NONE;
    }

    /** False when the client does not read fast enough; {@link Session#clientWritable} tells of the change back. */
    boolean clientWritable();

    /** Stops or goes on reading from the client. {@link ClientReading} alone decides. */
    void readClient(boolean on);

    void closeClient();

    /** A plan from the cache, null on a miss. */
    @Nullable
    Planned cachedPlan(byte[] sql, List<String> searchPath);

    /** Parses and plans off the event loop. */
    void plan(byte[] sql, List<String> searchPath, Consumer<Planned> planned, Consumer<ErrorFields> failed);

    /** Asks for a server connection; the answer is one of the tenant's two. */
    Lease lease(ShardId shard, Tenant tenant);

    /** Ends a lease. */
    void release(ServerLink link, boolean reusable);

    /** A shard for statements that any shard can answer; spreads them. */
    ShardId anyShard();

    /** Parameters with names of the database's own that its code may set; null when nobody has asked the database yet. */
    @Nullable
    Set<String> ownSettings();

    /** What the database has answered to that. */
    void ownSettings(Set<String> names);

    /**
     * From the moment {@code then} runs with null, what is notified in these channels comes to {@link Session#notified}. Nothing comes of
     * them when it runs with an error.
     */
    void listen(Collection<String> channels, Consumer<@Nullable ErrorFields> then);

    /** Nothing more of these channels is wanted. */
    void unlisten(Collection<String> channels);

    /** Runs {@code then} when {@link Session#notified} has been told of everything notified before. */
    void heard(Runnable then);

    /** Runs {@code SELECT pando.function(…)}. */
    void call(
            String function, List<CallArgument> arguments, Consumer<CallAnswer> answered, Consumer<ErrorFields> failed);

    /** The columns such a call answers with. */
    List<String> callColumns(String function);

    /** An identifier for a transaction over several shards. */
    String newGlobalTransaction();

    /** SQL that records, on the home shard and within its transaction, that the global transaction commits. */
    String decisionSql(String globalTransaction);

    /** What is left of a global transaction is recovery's to finish, at once: this session decides nothing more. */
    void abandon(String globalTransaction);

    /** Who asks for a lease. */
    interface Tenant {
        void granted(ServerLink link);

        void refused(PandoException reason);
    }

    /** A request for a lease. */
    interface Lease {
        /** Gives up waiting; nothing happens when it was answered already. */
        void cancel();
    }

    /** An argument of a call; {@code name} is null when positional, {@code value} for SQL NULL. */
    record CallArgument(@Nullable String name, @Nullable String value) {}

    /** A call's result as text columns, with notices to send before it. */
    record CallAnswer(List<String> columns, List<List<@Nullable String>> rows, List<String> notices) {}
}

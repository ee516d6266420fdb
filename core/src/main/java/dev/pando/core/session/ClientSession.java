package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client after its login, as a state machine owned by one event loop: messages and answers come in as calls, everything it wants goes
 * out through {@link SessionPort}. No clock, no thread, no socket.
 */
public sealed interface ClientSession permits Session, PassThrough {
    /** The run-time parameters that the login has told the client of. */
    void told(Map<String, String> parameters);

    /** A whole message from the client; ownership passes. */
    void message(ByteBuf frame);

    /** All that has been read so far has been delivered. */
    void readComplete();

    /** The client is gone. */
    void closed();

    /** The client's socket has room again. */
    void clientWritable();

    /**
     * Cancels what runs for this client or what it waits for, as its CancelRequest asks. {@code taken} runs when no server will act on that
     * any more, so that a statement sent then is not hit.
     */
    void cancel(Runnable taken);

    /** The client has broken the protocol: tell it and hang up. */
    void fatal(PandoException violation);

    /** What it is at, for timeouts. */
    Pulse pulse();

    /** Why it keeps a server connection between transactions, null when it does not; for statistics. */
    @Nullable
    String pinned();

    /** In a transaction block, for statistics. */
    boolean inTransaction();

    /** Statements the client has prepared, as far as they are known, for statistics. */
    int preparedStatements();

    /** Waiting or working, for statistics. */
    boolean active();

    /** Whether nothing is held for this client: it may be ended without anybody noticing. */
    boolean idle();
}

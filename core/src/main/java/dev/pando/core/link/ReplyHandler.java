package dev.pando.core.link;

import io.netty.buffer.ByteBuf;

/** Takes the replies of one exchange with a server: everything from a request up to its ReadyForQuery. */
public interface ReplyHandler {
    /** One whole message, header included; valid during the call only, retain what is to be kept. */
    void message(ServerLink link, byte type, ByteBuf frame);

    /**
     * Asked when a long message of that type has begun: whether it is the client's, unchanged and at once. Then it is passed on in parts
     * and {@link #message} is not called for it.
     */
    default boolean passes(byte type) {
        return false;
    }

    /** The exchange is over; the link's status is up to date. */
    void ready(ServerLink link);

    /** The server is gone, this exchange will not be answered. */
    void lost(ServerLink link, String reason);
}

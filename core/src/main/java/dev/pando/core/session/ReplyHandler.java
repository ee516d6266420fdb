package dev.pando.core.session;

import io.netty.buffer.ByteBuf;

/** Takes the replies of one exchange with a server: everything from a request up to its ReadyForQuery. */
interface ReplyHandler {
    /** One whole message, header included; valid during the call only, retain what is to be kept. */
    void message(ServerLink link, byte type, ByteBuf frame);

    /** The exchange is over; the link's status is up to date. */
    void ready(ServerLink link);

    /** The server is gone, this exchange will not be answered. */
    void lost(ServerLink link, String reason);
}

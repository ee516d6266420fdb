package dev.pando.bench;

import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;

/** An error as a client sees it: PostgreSQL's SQLSTATE and text, or one of this load generator's own about the connection. */
record ServerError(String sqlState, String message) {
    /** Connection lost, refused or timed out: what libpq would call a connection exception. */
    static final String CONNECTION = "08006";

    static final String PROTOCOL = "08P01";

    /** Reads the body of an ErrorResponse (protocol, "Error and Notice Message Fields"). */
    static ServerError decode(ByteBuf body) {
        String sqlState = "?????";
        String message = "(no message)";
        while (body.isReadable()) {
            byte field = body.readByte();
            if (field == 0) {
                break;
            }
            String value = Strings.readZeroTerminated(body);
            if (field == 'C') {
                sqlState = value;
            } else if (field == 'M') {
                message = value;
            }
        }
        return new ServerError(sqlState, message);
    }

    /**
     * Whether the statement may have been committed all the same: the connection failed (class 08) or the server was shut down (57P)
     * before anyone could say. Every other error of an autocommitted INSERT means that nothing was written.
     */
    boolean leavesOutcomeOpen() {
        return sqlState.startsWith("08") || sqlState.startsWith("57P");
    }
}

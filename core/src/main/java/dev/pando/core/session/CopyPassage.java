package dev.pando.core.session;

import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;

/** COPY FROM STDIN within a {@link Pipeline}: its data and their end go straight through. */
final class CopyPassage {
    private final ClientReading reading;
    /** An Execute of COPY FROM STDIN was sent, and no end of its data. */
    private boolean awaitsEnd;
    /** The server has said that it takes data. */
    private boolean open;

    private boolean syncBeforeData;

    CopyPassage(ClientReading reading) {
        this.reading = reading;
    }

    void executes(boolean copyIn) {
        awaitsEnd = copyIn;
    }

    boolean awaitsEnd() {
        return awaitsEnd;
    }

    /** Whether the server takes data, so that Sync and Flush mean nothing to it. */
    boolean takesData() {
        return open && awaitsEnd;
    }

    void message(byte type, ByteBuf frame, ServerLink link) {
        link.wire().write(frame.retain());
        if (type != 'd') {
            awaitsEnd = false;
            link.wire().flush();
        }
        if (!link.wire().writable()) {
            link.wire().flush();
            reading.sentTo(link);
        }
    }

    /** A Sync is sent. */
    void syncs() {
        syncBeforeData = awaitsEnd;
    }

    /** The server takes data from here on; the result says whether a Sync comes where they are due. */
    boolean opened() {
        open = true;
        return syncBeforeData;
    }

    /** A statement has been completed. */
    void completed() {
        open = false;
    }

    void failed() {
        reading.dataOver();
        open = false;
        awaitsEnd = false;
    }

    /** The server is ready, or gone. */
    void over() {
        reading.dataOver();
    }
}

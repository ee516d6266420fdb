package dev.pando.core.merge;

import io.netty.buffer.ByteBuf;

/** OFFSET and LIMIT over the merged rows. */
final class Window {
    private static final long ALL = -1;

    private long skip;
    private long remaining;

    Window(long limit, long offset) {
        this.remaining = limit;
        this.skip = offset;
    }

    /** Passes the row on or drops it; tells whether it was passed on. */
    boolean pass(ByteBuf body, RowSink sink) {
        if (remaining == 0 || skip > 0) {
            skip--;
            body.release();
            return false;
        }
        if (remaining != ALL) {
            remaining--;
        }
        sink.row(body);
        return true;
    }

    boolean full() {
        return remaining == 0;
    }
}

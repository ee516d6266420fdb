package dev.pando.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The buffer in which the outboxes of one event loop gather small messages, one after the other; owned by the loop. Who takes it owns it: he
 * gives it back empty of use, or passes it on to somebody who releases it, and the next one gets a new one.
 */
final class SpareBuffer {
    /** Bytes of each. */
    static final int SIZE = 8 * 1024;

    private @Nullable ByteBuf spare;
    private boolean closed;

    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf taken = spare;
        spare = null;
        return taken == null ? allocator.buffer(SIZE, SIZE) : taken;
    }

    /** Nobody else may have a part of it. */
    void giveBack(ByteBuf buffer) {
        if (spare == null && !closed) {
            spare = buffer.clear();
        } else {
            buffer.release();
        }
    }

    /** The loop ends. */
    void close() {
        closed = true;
        if (spare != null) {
            spare.release();
            spare = null;
        }
    }
}

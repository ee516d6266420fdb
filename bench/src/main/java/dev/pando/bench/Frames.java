package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a server sends into messages. One per connection, one thread. Holds at most one incomplete message, of at most
 * the length it was made for; between messages it holds no buffer at all, which is what keeps ten thousand idle connections small.
 */
final class Frames {
    /** Nothing usual is answered with more. */
    static final int MAX_BYTES = 1 << 20;

    private static final int HEADER_BYTES = 5;

    interface Sink {
        /** {@code body} is valid during the call only. Returns false when nothing further is wanted. */
        boolean message(byte type, ByteBuf body);
    }

    static final class BadFrame extends RuntimeException {
        BadFrame(String message) {
            super(message);
        }
    }

    private final int longest;
    private @Nullable ByteBuf rest;

    Frames(int longest) {
        this.longest = longest;
    }

    /** Takes over {@code in}. */
    void read(ByteBufAllocator allocator, ByteBuf in, Sink sink) {
        boolean held = rest != null;
        ByteBuf bytes = in;
        if (rest != null) {
            bytes = rest.writeBytes(in);
            in.release();
            rest = null;
        }
        boolean wanted = true;
        try {
            while (wanted && bytes.readableBytes() >= HEADER_BYTES) {
                byte type = bytes.getByte(bytes.readerIndex());
                int length = bytes.getInt(bytes.readerIndex() + 1);
                if (length < 4 || length > longest) {
                    throw new BadFrame("message '" + (char) type + "' of " + length + " bytes");
                }
                if (bytes.readableBytes() < 1 + length) {
                    break;
                }
                bytes.skipBytes(HEADER_BYTES);
                wanted = sink.message(type, bytes.readSlice(length - 4));
            }
            if (wanted && bytes.isReadable()) {
                rest = held
                        ? bytes.retain().discardReadBytes()
                        : allocator.buffer(room(bytes)).writeBytes(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    /** For the message that has begun, so that a long one is not moved from buffer to buffer as it grows. */
    private static int room(ByteBuf bytes) {
        int known = bytes.readableBytes() < HEADER_BYTES ? 0 : 1 + bytes.getInt(bytes.readerIndex() + 1);
        return Math.max(256, Math.max(known, bytes.readableBytes()));
    }

    void release() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }
}

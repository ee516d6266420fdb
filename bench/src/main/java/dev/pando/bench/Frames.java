package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a server sends into messages. One per connection, one thread. Holds at most one incomplete message, of at most
 * {@link #MAX_BYTES}; between messages it holds no buffer at all, which is what keeps ten thousand idle connections small.
 */
final class Frames {
    /** Nothing this load generator asks for is answered with more. */
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

    private @Nullable ByteBuf rest;

    /** Takes over {@code in}. */
    void read(ByteBufAllocator allocator, ByteBuf in, Sink sink) {
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
                if (length < 4 || length > MAX_BYTES) {
                    throw new BadFrame("message '" + (char) type + "' of " + length + " bytes");
                }
                if (bytes.readableBytes() < 1 + length) {
                    break;
                }
                bytes.skipBytes(HEADER_BYTES);
                wanted = sink.message(type, bytes.readSlice(length - 4));
            }
            if (wanted && bytes.isReadable()) {
                rest = allocator.buffer(Math.max(256, bytes.readableBytes())).writeBytes(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    void release() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }
}

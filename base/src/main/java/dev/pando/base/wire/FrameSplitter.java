package dev.pando.base.wire;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;

/** Finds where messages end in a stream of bytes. Holds nothing but its limit: the caller owns the bytes. */
public final class FrameSplitter {
    /** Type byte and length. */
    public static final int HEADER = 5;

    private final int maxMessageBytes;

    public FrameSplitter(int maxMessageBytes) {
        if (maxMessageBytes < 4 || maxMessageBytes == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("limit of " + maxMessageBytes + " bytes for a message");
        }
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * The whole length of the message that starts at the reader index, type byte included, as soon as its header is there.
     *
     * @return -1 when not even the header has arrived
     * @throws PandoException for a length that cannot be or that exceeds the limit, before a byte of the body is kept
     */
    public int frameLength(ByteBuf in) {
        if (in.readableBytes() < HEADER) {
            return -1;
        }
        int length = in.getInt(in.readerIndex() + 1);
        byte type = in.getByte(in.readerIndex());
        if (length < 4) {
            throw new PandoException(
                    PandoError.PROTOCOL_VIOLATION,
                    "message '" + FrontendCodec.printable(type) + "' announces length " + length);
        }
        if (length > maxMessageBytes) {
            throw new PandoException(
                    PandoError.MESSAGE_TOO_LONG, "'" + FrontendCodec.printable(type) + "'", length, maxMessageBytes);
        }
        return length + 1;
    }
}

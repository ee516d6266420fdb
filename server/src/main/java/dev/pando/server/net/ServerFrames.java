package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.FrameSplitter;
import dev.pando.base.wire.FrontendCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a server's stream into whole messages (slices of the read buffer).
 *
 * <p>What can go wrong: a row may have a gigabyte, and there are many servers. What we do: a long message that somebody waits for as it is
 * comes in {@link Part}s and is never held as a whole; any other (a row to be merged, an error) is put together up to a limit, beyond which
 * the connection ends before its body is kept. Why it suffices: rows that cannot be passed on have to fit into the merge's memory anyway.
 */
final class ServerFrames extends ByteToMessageDecoder {
    /** Shorter ones are always whole: to have them in parts would save nothing. */
    static final int LONG = 256 * 1024;

    /** Some bytes of a message and how many are still to come. */
    record Part(ByteBuf bytes, int left) {}

    /** Whose messages they are. */
    interface Reader {
        /** Asked once for a long message, after all messages before it have been delivered. */
        boolean takesInParts(byte type);

        /** For messages to people. */
        String name();
    }

    private final Reader reader;
    private final long limit;
    private boolean whole;
    private int left;

    /** {@code limit}: bytes of a message that is put together. */
    ServerFrames(Reader reader, long limit) {
        this.reader = reader;
        this.limit = limit;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (left > 0 || (in.readableBytes() >= FrameSplitter.HEADER && isInParts(in))) {
            int now = Math.min(left, in.readableBytes());
            left -= now;
            out.add(new Part(in.readRetainedSlice(now), left));
        } else if (in.readableBytes() >= FrameSplitter.HEADER) {
            int length = 1 + in.getInt(in.readerIndex() + 1);
            if (in.readableBytes() >= length) {
                whole = false;
                out.add(in.readRetainedSlice(length));
            }
        }
    }

    /** Looks at the header of a message. */
    private boolean isInParts(ByteBuf in) {
        byte type = in.getByte(in.readerIndex());
        int length = in.getInt(in.readerIndex() + 1);
        if (length < 4 || length == Integer.MAX_VALUE) {
            throw new PandoException(
                    PandoError.BACKEND_PROTOCOL,
                    reader.name(),
                    "message '" + FrontendCodec.printable(type) + "' of length " + length);
        }
        if (length <= LONG || whole) {
            return false;
        }
        if (reader.takesInParts(type)) {
            left = length + 1;
            return true;
        }
        if (length > limit) {
            throw new PandoException(
                    PandoError.ANSWER_TOO_LONG, reader.name(), FrontendCodec.printable(type), length, limit);
        }
        whole = true;
        return false;
    }
}

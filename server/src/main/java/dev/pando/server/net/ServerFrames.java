package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.FrameSplitter;
import dev.pando.base.wire.FrontendCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a server's stream into whole messages, and lends each to its {@link Reader}: a view of the read buffer that counts no references of
 * its own, so that a row which is copied to its client at once costs no more than that. Who keeps one retains it, and with it the buffer.
 *
 * <p>What can go wrong: a row may have a gigabyte, and there are many servers. What we do: a long message that somebody waits for as it is
 * comes in parts and is never held as a whole; any other (a row to be merged, an error) is put together up to a limit, beyond which
 * the connection ends before its body is kept. Why it suffices: rows that cannot be passed on have to fit into the merge's memory anyway.
 */
final class ServerFrames extends ChannelInboundHandlerAdapter {
    /** Shorter ones are always whole: to have them in parts would save nothing. */
    static final int LONG = 256 * 1024;

    /** Whose messages they are. */
    interface Reader {
        /** A whole message, lent. */
        void message(byte type, ByteBuf frame);

        /** Some bytes of a message, lent, and how many are still to come. */
        void part(ByteBuf bytes, int left);

        /** Asked once for a long message, after all messages before it have been delivered. */
        boolean takesInParts(byte type);

        /** For messages to people. */
        String name();
    }

    private final Reader reader;
    private final long limit;
    /** Read, and not yet a message. */
    private @Nullable ByteBuf kept;

    private boolean whole;
    private int left;

    /** {@code limit}: bytes of a message that is put together. */
    ServerFrames(Reader reader, long limit) {
        this.reader = reader;
        this.limit = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = joined(context, (ByteBuf) message);
        kept = in;
        try {
            cut(in);
        } finally {
            if (!in.isReadable()) {
                forget();
            }
        }
    }

    /** Behind what was kept. */
    private ByteBuf joined(ChannelHandlerContext context, ByteBuf read) {
        ByteBuf before = kept;
        if (before == null) {
            return read;
        }
        if (before.refCnt() == 1) {
            before.discardSomeReadBytes();
        }
        return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), before, read);
    }

    private void forget() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        forget();
    }

    private void cut(ByteBuf in) {
        while (in.isReadable()) {
            if (left > 0 || (in.readableBytes() >= FrameSplitter.HEADER && isInParts(in))) {
                int now = Math.min(left, in.readableBytes());
                left -= now;
                reader.part(in.readSlice(now), left);
            } else if (!lend(in)) {
                return;
            }
        }
    }

    /** False when the message is not all there. */
    private boolean lend(ByteBuf in) {
        if (in.readableBytes() < FrameSplitter.HEADER) {
            return false;
        }
        int length = 1 + in.getInt(in.readerIndex() + 1);
        if (in.readableBytes() < length) {
            return false;
        }
        whole = false;
        byte type = in.getByte(in.readerIndex());
        reader.message(type, in.readSlice(length));
        return true;
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

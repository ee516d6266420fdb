package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.FrameSplitter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a client's stream into whole messages (slices of the read buffer); a length beyond the limit fails before its body is kept. Who has
 * not logged in has a limit of his own, so that somebody without a password cannot make us keep much.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    private static final int LOGIN_LIMIT = 10_000;
    private static final int TLS_HANDSHAKE = 0x16;

    private final int maxMessageBytes;
    private FrameSplitter splitter = new FrameSplitter(LOGIN_LIMIT);
    private boolean startup = true;

    FrameDecoder(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The startup packet has come: from now on messages have types. */
    void startupOver() {
        startup = false;
    }

    /** The client is known: from now on the usual limit holds. */
    void loginOver() {
        splitter = new FrameSplitter(maxMessageBytes);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int length = startup ? startupLength(in) : splitter.frameLength(in);
        if (length > 0 && in.readableBytes() >= length) {
            out.add(in.readRetainedSlice(length));
        }
    }

    private static int startupLength(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return -1;
        }
        if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
            throw violation("TLS without asking for it first is not served here");
        }
        int length = in.getInt(in.readerIndex());
        if (length < 8 || length > LOGIN_LIMIT) {
            throw violation("startup packet of " + length + " bytes");
        }
        return length;
    }

    private static RuntimeException violation(String what) {
        return new PandoException(PandoError.PROTOCOL_VIOLATION, what);
    }
}

package dev.pando.server.net;

import dev.pando.base.wire.FrameSplitter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts the stream into whole messages (slices of the read buffer); a length beyond the limit fails before its body is kept. */
final class FrameDecoder extends ByteToMessageDecoder {
    private static final int STARTUP_LIMIT = 10_000;
    private static final int TLS_HANDSHAKE = 0x16;

    private final FrameSplitter splitter;
    private boolean startup;

    /** {@code startup}: the peer is a client, whose first packets have no type byte. */
    FrameDecoder(int maxMessageBytes, boolean startup) {
        this.splitter = new FrameSplitter(maxMessageBytes);
        this.startup = startup;
    }

    /** The startup packet has come: from now on messages have types. */
    void startupOver() {
        startup = false;
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
        if (length < 8 || length > STARTUP_LIMIT) {
            throw violation("startup packet of " + length + " bytes");
        }
        return length;
    }

    private static RuntimeException violation(String what) {
        return new dev.pando.base.error.PandoException(dev.pando.base.error.PandoError.PROTOCOL_VIOLATION, what);
    }
}

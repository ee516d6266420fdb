package dev.pando.server.net;

import dev.pando.base.wire.FrameSplitter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.List;

/**
 * Cuts a client's stream into whole messages (slices of the read buffer); a length beyond the limit fails before its body is kept. Who has
 * not logged in has a limit of his own, so that somebody without a password cannot make us keep much.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    private static final int LOGIN_LIMIT = 10_000;
    /** How a TLS handshake begins, and no startup packet can: its length would be too long. */
    static final byte TLS_HANDSHAKE = 0x16;

    /** Who begins so speaks another protocol (a port scan, HTTP, a Terminate before the login): PostgreSQL hangs up without a word. */
    private static final int NO_STARTUP_PACKET = Integer.MIN_VALUE;

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

    /** Bytes that came behind the message that is being handled. */
    int waiting() {
        return actualReadableBytes();
    }

    /** Who ends TLS has ended the connection, as on PostgreSQL, whatever its socket does. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslCloseCompletionEvent) {
            Sockets.close(context.channel());
        }
        super.userEventTriggered(context, event);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int length = startup ? startupLength(in) : splitter.frameLength(in);
        if (length == NO_STARTUP_PACKET) {
            in.skipBytes(in.readableBytes());
            Sockets.close(context.channel());
        } else if (length > 0 && in.readableBytes() >= length) {
            out.add(in.readRetainedSlice(length));
        }
    }

    private static int startupLength(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return -1;
        }
        if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
            return in.readableBytes();
        }
        int length = in.getInt(in.readerIndex());
        return length < 8 || length > LOGIN_LIMIT ? NO_STARTUP_PACKET : length;
    }
}

package dev.pando.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends to an unencrypted socket at once, past the channel's pipeline and queue, which cost more than the answer of a look-up does.
 *
 * <p>What can go wrong: bytes overtake others, are lost when the socket takes only some, or reach whoever has a closed socket's descriptor
 * now. What we do: nothing is sent while the channel's queue holds anything, nor when the channel has none, as is so from the moment
 * it begins to close; what the socket has not taken the caller queues as ever, and with it the water marks. Why it suffices: queue and descriptor
 * change on the event loop alone, which is the one that sends.
 */
final class PlainSocket {
    private final Channel channel;
    private final Socket socket;

    private PlainSocket(Channel channel, Socket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Null where bytes are encrypted on their way, or the channel is not one of epoll. To be asked when that is settled. */
    static @Nullable PlainSocket of(Channel channel) {
        return channel instanceof UnixChannel unix
                        && unix.fd() instanceof Socket socket
                        && channel.pipeline().get(SslHandler.class) == null
                ? new PlainSocket(channel, socket)
                : null;
    }

    /** Sends as much as the socket takes; true when that was all, else the message begins with what it has not taken. */
    boolean send(ByteBuf message) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null || queue.totalPendingWriteBytes() > 0 || !message.hasMemoryAddress()) {
            return false;
        }
        try {
            int sent = socket.sendAddress(message.memoryAddress(), message.readerIndex(), message.writerIndex());
            if (sent == message.readableBytes()) {
                return true;
            }
            message.skipBytes(sent);
        } catch (IOException broken) {
            // The channel meets it again when it sends what is left, and closes as it does for all errors.
            return false;
        }
        return false;
    }
}

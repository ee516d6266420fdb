package dev.pando.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Writing and closing without waiting: a failure reaches the channel's handler as exceptionCaught or channelInactive, not a future. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Sockets {
    private Sockets() {}

    static void write(Channel channel, ByteBuf messages) {
        channel.write(messages, channel.voidPromise());
    }

    static void writeAndFlush(Channel channel, ByteBuf messages) {
        channel.writeAndFlush(messages, channel.voidPromise());
    }

    static void close(Channel channel) {
        channel.close();
    }
}

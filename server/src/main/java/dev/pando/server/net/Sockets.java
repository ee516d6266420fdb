package dev.pando.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Writing and closing without waiting: a failure reaches the channel's handler as exceptionCaught or channelInactive, not a future. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Sockets {
    private Sockets() {}

    /** A descriptor, which goes to the other process. */
    static void write(Channel channel, FileDescriptor descriptor) {
        channel.write(descriptor, channel.voidPromise());
    }

    static void write(Channel channel, ByteBuf messages) {
        channel.write(messages, channel.voidPromise());
    }

    static void writeAndFlush(Channel channel, ByteBuf messages) {
        channel.writeAndFlush(messages, channel.voidPromise());
    }

    /** Protocol and cipher, null without TLS. */
    static @Nullable String tls(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        SSLSession session = tls.engine().getSession();
        return session.getProtocol() + "/" + session.getCipherSuite();
    }

    static void close(Channel channel) {
        channel.close();
    }

    /** Past the handlers above this one. */
    static void close(ChannelHandlerContext context) {
        context.close();
    }

    /** Closes what is still open then. */
    static void closeAfter(Channel channel, int seconds) {
        Future<?> timer = channel.eventLoop().schedule(() -> close(channel), seconds, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }

    /** What a decoder has thrown stands inside of an exception of its own. */
    static Throwable unwrapped(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    }
}

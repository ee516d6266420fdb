package dev.pando.server.net;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/** A connection that carries one CancelRequest, as encrypted as the others to that server are. */
final class CancelConnection extends ChannelInboundHandlerAdapter {
    private final StartupPacket.Cancel request;
    private final Consumer<Throwable> undelivered;
    /** Or told that it could not be. */
    private boolean sent;

    CancelConnection(StartupPacket.Cancel request, Consumer<Throwable> undelivered) {
        this.request = request;
        this.undelivered = undelivered;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof TlsRequest.Settled) {
            ByteBuf out = context.alloc().buffer(32);
            FrontendCodec.encodeStartup(request, out);
            sent = true;
            context.channel().writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!sent) {
            sent = true;
            undelivered.accept(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        sent = true;
        undelivered.accept(Sockets.unwrapped(cause));
        Sockets.close(context.channel());
    }
}

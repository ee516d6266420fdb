package dev.pando.server.net;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A connection that carries one CancelRequest, as encrypted as the others to that server are. A server hangs up when it has signalled the
 * process that works on the statement, so what is sent to that process later is not hit. Until then the request is under way.
 */
final class CancelConnection extends ChannelInboundHandlerAdapter {
    /** Who wants it; told once. */
    interface Requester {
        /** {@code certain}: the server has taken it. Else it may still do so. */
        void over(boolean certain);

        /** It never will. */
        void undelivered(Throwable cause);
    }

    private final StartupPacket.Cancel request;
    private final Duration limit;
    private final Requester requester;
    private boolean sent;
    private boolean told;

    /** {@code limit}: how long the server may take to hang up. */
    CancelConnection(StartupPacket.Cancel request, Duration limit, Requester requester) {
        this.request = request;
        this.limit = limit;
        this.requester = requester;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof TlsRequest.Settled) {
            ByteBuf out = context.alloc().buffer(32);
            FrontendCodec.encodeStartup(request, out);
            sent = true;
            Sockets.writeAndFlush(context.channel(), out);
            var due = context.executor().schedule(() -> givenUp(context), limit.toMillis(), TimeUnit.MILLISECONDS);
            context.channel().closeFuture().addListener(closed -> due.cancel(false));
        }
    }

    private void givenUp(ChannelHandlerContext context) {
        over(false);
        Sockets.close(context.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (sent) {
            over(true);
        } else {
            notConnected(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (sent) {
            over(false);
        } else {
            notConnected(Sockets.unwrapped(cause));
        }
        Sockets.close(context.channel());
    }

    void notConnected(Throwable cause) {
        if (!told) {
            told = true;
            requester.undelivered(cause);
        }
    }

    private void over(boolean certain) {
        if (!told) {
            told = true;
            requester.over(certain);
        }
    }
}

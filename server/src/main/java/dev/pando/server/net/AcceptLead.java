package dev.pando.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts no faster from one listening socket than the event loops look at what was accepted: only there is a connection counted, and
 * refused when it is one too many. Without this a flood takes all descriptors of the process, and servers cannot be connected to any
 * more. Meanwhile connections wait in the system's queue ({@code listen.backlog}). Used by the acceptor's loop and all others.
 */
final class AcceptLead extends ChannelInboundHandlerAdapter {
    static final int MOST = 256;
    private static final int RESUME = 64;

    private final AtomicInteger ahead = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        ChannelConfig listening = context.channel().config();
        ((Channel) accepted).pipeline().addLast(new Arrival(listening));
        if (ahead.incrementAndGet() > MOST) {
            listening.setAutoRead(false);
            if (ahead.get() <= RESUME) {
                // They caught up before the line above, and nobody else will say so.
                listening.setAutoRead(true);
            }
        }
        context.fireChannelRead(accepted);
    }

    /** The first handler of an accepted connection, until its loop has it. */
    private final class Arrival extends ChannelInboundHandlerAdapter {
        private final ChannelConfig listening;

        Arrival(ChannelConfig listening) {
            this.listening = listening;
        }

        @Override
        public void channelRegistered(ChannelHandlerContext context) {
            if (ahead.decrementAndGet() == RESUME) {
                listening.setAutoRead(true);
            }
            context.pipeline().remove(this);
            context.fireChannelRegistered();
        }
    }
}

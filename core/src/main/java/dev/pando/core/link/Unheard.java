package dev.pando.core.link;

import io.netty.buffer.ByteBuf;

/** For requests whose answers nobody waits for; that a server was lost is found by whoever uses it next. */
public record Unheard() implements ReplyHandler {
    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {}

    @Override
    public void ready(ServerLink link) {}

    @Override
    public void lost(ServerLink link, String reason) {}
}

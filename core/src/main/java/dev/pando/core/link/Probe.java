package dev.pando.core.link;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** An empty query, whose answer tells that a server is there. */
final class Probe implements ReplyHandler {
    private final Consumer<Boolean> answered;
    private boolean refused;

    Probe(Consumer<Boolean> answered) {
        this.answered = answered;
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        refused |= type == 'E';
    }

    @Override
    public void ready(ServerLink link) {
        answered.accept(!refused && link.reusable());
    }

    @Override
    public void lost(ServerLink link, String reason) {
        answered.accept(false);
    }
}

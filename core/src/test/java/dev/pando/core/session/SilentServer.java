package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.function.Consumer;

/** A server connection that takes everything, says nothing, and whose socket has room or not. */
final class SilentServer implements ServerLink.Wire {
    private final ServerLink link;
    private boolean room;

    SilentServer(int shard) {
        link = new ServerLink(new ShardId(shard), this);
    }

    ServerLink link() {
        return link;
    }

    void isFull() {
        room = false;
    }

    void hasRoom() {
        room = true;
        link.writableAgain();
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void write(ByteBuf message) {
        message.release();
    }

    @Override
    public void flush() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public boolean writable() {
        return room;
    }

    @Override
    public void cancel(Consumer<Boolean> over) {
        over.accept(true);
    }

    @Override
    public void breakOff(PandoException reason) {
        link.lost(String.valueOf(reason.getMessage()));
    }
}

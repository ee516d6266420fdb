package dev.pando.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one socket. Small messages are copied into one buffer, so that an answer of five messages leaves with one plain
 * send; a message alone and large ones are passed on as they are. Owned by the socket's event loop.
 */
final class Outbox {
    /** Above this, copying costs more than one entry more to write. */
    private static final int SMALL = 1024;

    /** Also what may be held here unseen by the channel's water marks. */
    private static final int GATHERED = 8 * 1024;

    private final Channel channel;
    private @Nullable ByteBuf pending;
    private boolean gathering;
    private boolean unflushed;

    Outbox(Channel channel) {
        this.channel = channel;
    }

    /** Queues a message that is only lent: a small one is copied, a large one kept. */
    void forward(ByteBuf message) {
        int length = message.readableBytes();
        if (length > SMALL) {
            write(message.retain());
            return;
        }
        unflushed = true;
        gathered(length).writeBytes(message, message.readerIndex(), length);
    }

    /** A buffer that is pending and has so much room. */
    private ByteBuf gathered(int room) {
        ByteBuf before = pending;
        if (before != null && gathering && before.writableBytes() >= room) {
            return before;
        }
        ByteBuf fresh = channel.alloc().buffer(GATHERED, GATHERED);
        if (before != null && !gathering && before.readableBytes() + room <= GATHERED) {
            append(fresh, before);
        } else {
            push();
        }
        pending = fresh;
        gathering = true;
        return fresh;
    }

    /** Queues messages; ownership passes. */
    void write(ByteBuf messages) {
        unflushed = true;
        int length = messages.readableBytes();
        ByteBuf before = pending;
        if (length > SMALL) {
            push();
            Sockets.write(channel, messages);
        } else if (before == null) {
            pending = messages;
        } else {
            append(gathered(length), messages);
        }
    }

    private static void append(ByteBuf gathered, ByteBuf messages) {
        gathered.writeBytes(messages);
        messages.release();
    }

    /** Sends what was queued, if anything was. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            push();
            channel.flush();
        }
    }

    /** Hands what is pending to the channel. */
    private void push() {
        ByteBuf messages = pending;
        pending = null;
        gathering = false;
        if (messages != null) {
            Sockets.write(channel, messages);
        }
    }

    /** The socket is gone: nothing of this will be sent. */
    void release() {
        if (pending != null) {
            pending.release();
            pending = null;
            gathering = false;
        }
    }
}

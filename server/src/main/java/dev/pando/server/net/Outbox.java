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
    private static final int GATHERED = SpareBuffer.SIZE;

    private final Channel channel;
    private final SpareBuffer spare;
    private @Nullable PlainSocket socket;
    private @Nullable ByteBuf pending;
    private boolean gathering;
    private boolean unflushed;

    Outbox(Channel channel, SpareBuffer spare) {
        this.channel = channel;
        this.spare = spare;
    }

    /** The channel is as encrypted as it will be: if it is not, what is small is sent without detours from now on. */
    void settled() {
        socket = PlainSocket.of(channel);
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
        ByteBuf fresh = spare.take(channel.alloc());
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
            if (!sent()) {
                push();
                channel.flush();
            }
        }
    }

    /** Whether the socket has taken all there was. */
    private boolean sent() {
        PlainSocket open = socket;
        ByteBuf messages = pending;
        if (open == null || messages == null || !open.send(messages)) {
            return false;
        }
        pending = null;
        if (gathering) {
            gathering = false;
            spare.giveBack(messages);
        } else {
            messages.release();
        }
        return true;
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

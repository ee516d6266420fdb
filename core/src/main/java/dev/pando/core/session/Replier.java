package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Replies;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a statement's answer to the client. A CommandComplete may be held back: within an implicit transaction PostgreSQL does not claim
 * success of the last statement before the commit.
 */
final class Replier {
    /** By status, whole and for all: nothing is more frequent. */
    private static final ByteBuf IDLE = readyForQuery('I');

    private static final ByteBuf IN_TRANSACTION = readyForQuery('T');
    private static final ByteBuf FAILED = readyForQuery('E');

    private final SessionPort port;
    private boolean holding;
    private @Nullable String held;

    Replier(SessionPort port) {
        this.port = port;
    }

    private static ByteBuf readyForQuery(char status) {
        ByteBuf out = Unpooled.directBuffer(6, 6);
        BackendMessages.readyForQuery(out, (byte) status);
        return Unpooled.unreleasableBuffer(out.asReadOnly());
    }

    void send(ByteBuf messages) {
        port.toClient(messages);
    }

    /** As a server has said it. */
    void forward(ByteBuf message) {
        port.forward(message);
    }

    boolean holding() {
        return holding;
    }

    /** From now on a CommandComplete waits until {@link #sendHeld} or the next one. */
    void hold(boolean on) {
        holding = on;
    }

    void complete(String tag) {
        port.watch().rows(Replies.rowsOf(tag));
        sendHeld();
        if (holding) {
            held = tag;
        } else {
            completeNow(tag);
        }
    }

    void sendHeld() {
        String tag = held;
        held = null;
        if (tag != null) {
            completeNow(tag);
        }
    }

    /** The commit failed: there is no success to tell of. */
    void dropHeld() {
        held = null;
    }

    private void completeNow(String tag) {
        ByteBuf out = port.allocator().buffer(32);
        BackendMessages.commandComplete(out, tag);
        send(out);
    }

    void error(ErrorFields error) {
        port.told(error);
        ByteBuf out = port.allocator().buffer(128);
        error.encode('E', out);
        send(out);
    }

    /** A problem that is not the statement's; null when there was none. */
    void warning(@Nullable PandoException problem) {
        if (problem != null) {
            notice(ErrorFields.of("WARNING", problem.error().sqlState(), String.valueOf(problem.getMessage())));
        }
    }

    void notice(ErrorFields notice) {
        ByteBuf out = port.allocator().buffer(128);
        notice.encode('N', out);
        send(out);
    }

    void ready(byte status) {
        port.forward(
                switch (status) {
                    case 'I' -> IDLE;
                    case 'T' -> IN_TRANSACTION;
                    default -> FAILED;
                });
        port.flushClient();
    }

    void bare(char type) {
        ByteBuf out = port.allocator().buffer(5);
        BackendMessages.bare(out, type);
        send(out);
    }

    void textColumns(List<String> names) {
        ByteBuf out = port.allocator().buffer(64);
        BackendMessages.textColumns(out, names);
        send(out);
    }

    void textRow(List<? extends @Nullable String> values) {
        ByteBuf out = port.allocator().buffer(64);
        BackendMessages.textRow(out, values);
        send(out);
    }
}

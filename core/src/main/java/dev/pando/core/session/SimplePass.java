package dev.pando.core.session;

import dev.pando.core.link.Numbering;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.RowNumbers;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A simple query that concerns one shard: bytes there, bytes back. Only the CommandComplete of one within an implicit transaction, or of
 * one that its server gets as Bind and Execute, is kept until the server is ready: before that nothing has been committed.
 */
final class SimplePass implements Operation, ReplyHandler {
    private final SessionPort port;
    private final ClientReading reading;
    private final Numbering numbering;
    private final Replier replier;
    private final Outcome outcome;
    private final boolean inDoubtWhenLost;
    private @Nullable ServerLink link;
    private @Nullable String tag;
    private boolean failed;
    private boolean copyIn;
    /** The server has been sent what is no COPY data, for which it hangs up; it says so itself. */
    private boolean breach;

    private @Nullable ShardRequest request;
    private boolean parsed;
    private @Nullable RowNumbers numbers;

    SimplePass(
            SessionPort port,
            ClientReading reading,
            Numbering numbering,
            Replier replier,
            boolean inDoubtWhenLost,
            Outcome outcome) {
        this.port = port;
        this.reading = reading;
        this.numbering = numbering;
        this.replier = replier;
        this.inDoubtWhenLost = inDoubtWhenLost;
        this.outcome = outcome;
    }

    void start(Participant participant, ByteBuf request) {
        ServerLink on = participant.link;
        link = on;
        on.unnamed(null);
        on.exchange(request, Opening.inFrontOf(this, participant));
    }

    /** As Parse, Bind, Describe and Execute, of which the client is to see the result alone. */
    void start(ServerLink on, ShardRequest bound) {
        link = on;
        request = bound;
        parsed = !bound.parses(on);
        bound.send(port, on, this);
    }

    /** What answers the messages that the client did not send. */
    private boolean hidden(ServerLink from, byte type, ByteBuf frame) {
        ShardRequest bound = request;
        if (bound == null) {
            return false;
        }
        parsed |= type == '1';
        if (type == 'E' && !parsed) {
            bound.notParsed(from);
        } else if (type == 'T' && !bound.describes()) {
            numbers = numbering.rows(from.shard(), frame);
            return true;
        }
        return type == '1' || type == '2' || type == '3' || type == 'n';
    }

    @Override
    public void message(ServerLink from, byte type, ByteBuf frame) {
        if (hidden(from, type, frame)) {
            return;
        }
        switch (type) {
            case 'C' -> completed(frame);
            case 'E' -> {
                failed = true;
                copyIn = false;
                reading.dataOver();
                replier.sendHeld();
                replier.forward(frame);
            }
            case 'G' -> {
                copyIn = true;
                replier.forward(frame);
                port.flushClient();
                outcome.takesData();
            }
            default -> {
                if (type == 'T') {
                    numbers = numbering.rows(from.shard(), frame);
                } else if (type == 'D' && numbers != null) {
                    numbers.toHome(frame);
                }
                replier.sendHeld();
                replier.forward(frame);
                if (!port.clientWritable()) {
                    from.wire().reading(false);
                }
            }
        }
    }

    private void completed(ByteBuf frame) {
        String before = tag;
        tag = null;
        if (before != null) {
            replier.complete(before);
        }
        if (request != null || replier.holding()) {
            // Of Execute before Sync: the commit is still to come, and may fail.
            tag = Replies.tagOf(frame);
        } else {
            port.watch().rows(Replies.rowsOf(frame));
            replier.sendHeld();
            replier.forward(frame);
        }
    }

    @Override
    public boolean passes(byte type) {
        if ((type != 'D' || numbers != null) && type != 'd') {
            return false;
        }
        replier.sendHeld();
        return true;
    }

    @Override
    public void clientWritable() {
        if (link != null && !link.lost()) {
            link.wire().reading(true);
        }
    }

    @Override
    public boolean clientMessage(byte type, ByteBuf frame) {
        ServerLink to = link;
        if (!copyIn || to == null) {
            return false;
        }
        switch (type) {
            case 'd' -> {
                to.wire().write(frame.retain());
                reading.sentTo(to);
            }
            case 'c', 'f' -> {
                copyIn = false;
                to.wire().write(frame.retain());
            }
            case 'S', 'H' -> {
                // The manual: ignored while COPY data is awaited.
                return true;
            }
            default -> {
                copyIn = false;
                breach = true;
                to.wire().write(frame.retain());
            }
        }
        to.wire().flush();
        return true;
    }

    @Override
    public void ready(ServerLink from) {
        from.wire().reading(true);
        reading.dataOver();
        if (failed) {
            outcome.failed(Failure.TOLD);
            return;
        }
        if (tag != null) {
            replier.complete(tag);
        }
        outcome.done();
    }

    @Override
    public void lost(ServerLink from, String reason) {
        reading.dataOver();
        if (breach) {
            CopyBreach.hangUp(port);
            return;
        }
        // A server that is told to end says so first: the client has that error, and is due no more than one.
        outcome.failed(failed ? Failure.TOLD : Failure.of(Losses.duringStatement(port, from, reason, inDoubtWhenLost)));
    }
}

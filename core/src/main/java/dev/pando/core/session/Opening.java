package dev.pando.core.session;

import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;

/**
 * BEGIN in one flight with the simple query behind it. It goes as Parse, Bind and Execute without a Sync: a server that refuses it skips the
 * query, which must not run by itself, and everything else until a Sync, which is sent only then.
 */
final class Opening implements ReplyHandler {
    private final ReplyHandler query;
    private final Participant participant;
    private boolean begun;

    private Opening(ReplyHandler query, Participant participant) {
        this.query = query;
        this.participant = participant;
    }

    /** Sends BEGIN if it has not been yet. Who takes the replies of the query, which is to be sent next, is the result. */
    static ReplyHandler inFrontOf(ReplyHandler query, Participant participant) {
        String begin = participant.opening();
        if (begin == null) {
            return query;
        }
        send(participant.link, begin);
        return new Opening(query, participant);
    }

    private static void send(ServerLink link, String begin) {
        if (!link.lost()) {
            ByteBuf out = link.wire().allocator().buffer(64);
            Requests.control(out, begin);
            link.wire().write(out);
        }
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        if (begun) {
            query.message(link, type, frame);
        } else if (type == 'C') {
            begun = true;
        } else if (type == 'E') {
            ByteBuf out = link.wire().allocator().buffer(5);
            Requests.bare(out, 'S');
            link.wire().write(out);
            link.wire().flush();
            query.message(link, type, frame);
        }
    }

    @Override
    public boolean passes(byte type) {
        return begun && query.passes(type);
    }

    @Override
    public void ready(ServerLink link) {
        if (!begun) {
            participant.refused();
        }
        query.ready(link);
    }

    @Override
    public void lost(ServerLink link, String reason) {
        query.lost(link, reason);
    }
}

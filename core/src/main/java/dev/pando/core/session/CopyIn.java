package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.Strings;
import dev.pando.core.copy.CopySplitter;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * COPY FROM STDIN into several shards: each runs the same COPY, the rows are dealt out (or, for a reference table, repeated) while they
 * stream. The slowest shard sets the pace. Any failure fails the COPY on all of them; the transaction around it is the caller's.
 */
final class CopyIn implements Operation, ReplyHandler {
    private static final String CANCELLED = "57014";

    private enum State {
        /** Waiting until every shard has said CopyInResponse. */
        OPENING,
        STREAMING,
        /** Data is over, counts are awaited. */
        ENDING
    }

    private final SessionPort port;
    private final ClientReading reading;
    private final Leases leases;
    private final Replier replier;
    private final Outcome outcome;
    private final byte[] sql;
    private final @Nullable CopySplitter splitter;
    private List<ServerLink> links = List.of();
    private State state = State.OPENING;
    private final Set<ServerLink> opened = new HashSet<>();
    private boolean ended;
    private boolean clientFailed;
    private int outstanding;
    private long rows;
    private @Nullable Failure failure;
    private @Nullable ByteBuf response;

    /** A {@code null} splitter repeats the data on every shard. */
    CopyIn(
            SessionPort port,
            ClientReading reading,
            Leases leases,
            Replier replier,
            @Nullable CopySplitter splitter,
            byte[] sql,
            Outcome outcome) {
        this.port = port;
        this.reading = reading;
        this.leases = leases;
        this.replier = replier;
        this.splitter = splitter;
        this.sql = sql;
        this.outcome = outcome;
    }

    void start(List<ServerLink> on) {
        links = List.copyOf(on);
        outstanding = on.size();
        for (ServerLink link : on) {
            Participant participant = leases.on(link.shard());
            if (participant != null) {
                participant.wrote = true;
            }
            link.unnamed(null);
            link.exchange(Requests.query(port.allocator(), sql), this);
        }
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        switch (type) {
            case 'G' -> opened(link, frame);
            case 'C' ->
                rows = splitter == null
                        ? Replies.rowsOf(Replies.tagOf(frame))
                        : rows + Replies.rowsOf(Replies.tagOf(frame));
            case 'E' -> error(link, Replies.errorOf(frame));
            case 'N' -> replier.forward(frame);
            default -> {
                // parameter status
            }
        }
    }

    private void error(ServerLink link, ErrorFields error) {
        ErrorFields before = failure == null ? null : failure.error();
        if (clientFailed && before != null && before.sqlState().equals(CANCELLED)) {
            // A server that refused the data says more than those that echo the client's CopyFail.
            failure = new Failure(error);
        } else {
            fail(new Failure(error), link);
        }
    }

    private void opened(ServerLink link, ByteBuf frame) {
        opened.add(link);
        if (failure != null) {
            sendFail(link, "another shard failed");
            return;
        }
        if (response == null) {
            response = frame.retain();
        }
        if (opened.size() == links.size()) {
            state = State.STREAMING;
            replier.send(response);
            response = null;
            port.flushClient();
            outcome.takesData();
        }
    }

    @Override
    public boolean clientMessage(byte type, ByteBuf frame) {
        if (state != State.STREAMING) {
            return false;
        }
        try {
            switch (type) {
                case 'd' -> data(frame);
                case 'c' -> end();
                case 'f' -> {
                    clientFailed = true;
                    over(link -> sendFail(link, Strings.readZeroTerminated(Replies.body(frame))));
                }
                case 'S', 'H' -> {
                    // The manual: ignored while COPY data is awaited.
                }
                default -> {
                    state = State.ENDING;
                    CopyBreach.end(port, replier, type);
                }
            }
        } catch (PandoException refusal) {
            fail(Failure.of(refusal), null);
        }
        return true;
    }

    private void data(ByteBuf frame) {
        ByteBuf payload = Replies.body(frame);
        if (splitter == null) {
            links.forEach(link -> link.wire().write(frame.copy()));
        } else {
            splitter.data(payload, this::send);
        }
        regulate();
    }

    private void send(int shard, ByteBuf rowsOfShard) {
        ServerLink link = links.get(shard);
        ByteBuf header = port.allocator().buffer(5).writeByte('d').writeInt(4 + rowsOfShard.readableBytes());
        link.wire().write(header);
        link.wire().write(rowsOfShard);
    }

    private void regulate() {
        for (ServerLink link : links) {
            link.wire().flush();
            reading.sentTo(link);
        }
    }

    private void end() {
        if (splitter != null) {
            splitter.end(this::send);
        }
        over(link -> {
            ByteBuf out = port.allocator().buffer(5);
            Requests.bare(out, 'c');
            link.wire().write(out);
            link.wire().flush();
        });
    }

    private void over(Consumer<ServerLink> tell) {
        state = State.ENDING;
        ended = true;
        links.stream().filter(link -> !link.lost()).forEach(tell);
    }

    /** The first reason counts; {@code told} is the server that gave it and has left COPY mode by itself. */
    private void fail(Failure reason, @Nullable ServerLink told) {
        if (failure != null) {
            return;
        }
        failure = reason;
        state = State.ENDING;
        if (!ended) {
            opened.stream()
                    .filter(link -> link != told && !link.lost())
                    .forEach(link -> sendFail(link, "another shard failed"));
        }
        reading.dataOver();
    }

    private void sendFail(ServerLink link, String reason) {
        ByteBuf out = port.allocator().buffer(32);
        Requests.copyFail(out, reason);
        link.wire().write(out);
        link.wire().flush();
    }

    @Override
    public void ready(ServerLink link) {
        ended();
    }

    @Override
    public void lost(ServerLink link, String reason) {
        Participant participant = leases.on(link.shard());
        Failure lost = participant == null
                ? Failure.of(Losses.duringStatement(port, link, reason, false))
                : leases.lose(participant, reason);
        fail(lost, link);
        ended();
    }

    @Override
    public void abandon() {
        if (splitter != null) {
            splitter.close();
        }
        if (response != null) {
            response.release();
            response = null;
        }
    }

    private void ended() {
        if (--outstanding > 0) {
            return;
        }
        abandon();
        reading.dataOver();
        if (failure != null) {
            outcome.failed(failure);
        } else {
            replier.complete("COPY " + rows);
            outcome.done();
        }
    }
}

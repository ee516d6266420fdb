package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.merge.Merger;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read on several shards at once, merged while it streams. A shard is read only while the merge wants its rows and the client takes
 * them; once the result is complete the shards' remaining rows are thrown away, which their own LIMIT keeps few.
 */
final class Scatter implements Operation, ReplyHandler {
    private static final int CHUNK = 32 * 1024;
    private static final int ROWS_PER_DRAIN = 1024;

    private final SessionPort port;
    private final Replier replier;
    private final Outcome outcome;
    private final ShardRequest request;
    private final Merger merger;
    private List<ServerLink> links = List.of();
    private @Nullable Failure failure;
    private boolean described;
    private int outstanding;
    private long rows;
    private @Nullable ByteBuf out;
    private final BitSet parsed = new BitSet();

    Scatter(SessionPort port, Replier replier, ShardRequest request, Merger merger, Outcome outcome) {
        this.port = port;
        this.replier = replier;
        this.request = request;
        this.merger = merger;
        this.outcome = outcome;
    }

    void start(List<ServerLink> on) {
        links = List.copyOf(on);
        outstanding = on.size();
        for (int i = 0; i < on.size(); i++) {
            parsed.set(i, !request.parses(on.get(i)));
            request.send(port, on.get(i), this);
        }
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        int source = links.indexOf(link);
        try {
            switch (type) {
                case '1' -> parsed.set(source);
                case 'T' -> columns(source, RowDescription.decode(Replies.body(frame), source));
                case 'D' -> row(source, frame);
                case 'C' -> end(source);
                case 'E' -> error(link, Replies.errorOf(frame));
                case 'N' -> {
                    if (source == 0) {
                        replier.send(frame.retain());
                    }
                }
                default -> {
                    // '2', '3', 'n', 'S': nothing for the client in them
                }
            }
        } catch (PandoException refusal) {
            fail(Failure.of(refusal));
        }
    }

    private void columns(int source, RowDescription columns) {
        if (failure != null) {
            return;
        }
        merger.columns(source, columns);
        RowDescription output = merger.outputColumns();
        if (!described && output != null) {
            described = true;
            if (request.describes()) {
                output.encode(buffer());
            }
        }
    }

    private void row(int source, ByteBuf frame) {
        if (failure != null || merger.finished()) {
            return;
        }
        merger.row(source, Replies.body(frame).retain());
        pump();
    }

    private void end(int source) {
        if (failure == null) {
            merger.end(source);
            pump();
        }
    }

    /** Moves ready rows to the client and decides who may go on sending. */
    private void pump() {
        while (port.clientWritable() && merger.drain(this::emit, ROWS_PER_DRAIN) == ROWS_PER_DRAIN) {
            flushChunk(CHUNK);
        }
        flushChunk(CHUNK);
        regulate();
    }

    private void regulate() {
        boolean open = failure != null || merger.finished();
        for (int i = 0; i < links.size(); i++) {
            ServerLink link = links.get(i);
            if (!link.lost()) {
                link.wire().reading(open || merger.wants(i));
            }
        }
    }

    private void emit(ByteBuf body) {
        ByteBuf target = buffer();
        target.writeByte('D').writeInt(4 + body.readableBytes()).writeBytes(body);
        body.release();
        rows++;
        flushChunk(CHUNK);
    }

    private ByteBuf buffer() {
        ByteBuf current = out;
        if (current == null) {
            current = port.allocator().buffer(CHUNK + 1024);
            out = current;
        }
        return current;
    }

    private void flushChunk(int atLeast) {
        ByteBuf current = out;
        if (current != null && current.readableBytes() >= atLeast) {
            out = null;
            port.toClient(current);
        }
    }

    @Override
    public void clientWritable() {
        try {
            if (failure == null) {
                pump();
            }
            if (outstanding == 0) {
                finish();
            }
        } catch (PandoException refusal) {
            fail(Failure.of(refusal));
        }
    }

    private void error(ServerLink link, ErrorFields error) {
        if (!parsed.get(links.indexOf(link))) {
            request.notParsed(link);
        }
        fail(new Failure(error));
    }

    /** The first reason counts. The other shards are told to stop, and their remaining answers are thrown away. */
    private void fail(Failure reason) {
        if (failure == null) {
            failure = reason;
            merger.close();
            links.stream().filter(link -> !link.idle() && !link.lost()).forEach(ServerLink::cancel);
        }
        regulate();
    }

    @Override
    public void abandon() {
        merger.close();
        if (out != null) {
            out.release();
            out = null;
        }
    }

    @Override
    public void ready(ServerLink link) {
        outstanding--;
        finishWhenDone();
    }

    @Override
    public void lost(ServerLink link, String reason) {
        outstanding--;
        fail(Failure.of(Losses.duringStatement(port, link, reason, false)));
        finishWhenDone();
    }

    private void finishWhenDone() {
        if (outstanding == 0) {
            finish();
        }
    }

    private void finish() {
        if (failure == null) {
            pump();
            if (!merger.finished()) {
                // The client is slow: the rest goes out when it reads again.
                return;
            }
        }
        flushChunk(1);
        merger.close();
        outstanding = -1;
        if (failure != null) {
            outcome.failed(failure);
        } else {
            replier.complete("SELECT " + rows);
            outcome.done();
        }
    }
}

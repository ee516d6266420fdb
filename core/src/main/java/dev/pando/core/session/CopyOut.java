package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.copy.CopyMerger;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.CopyShape;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** COPY TO STDOUT of several shards: their data one after the other, as one stream with one header. */
final class CopyOut implements Operation, ReplyHandler {
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Outcome outcome;
    private final byte[] sql;
    private final CopyShape shape;
    private final Deque<ShardId> remaining = new ArrayDeque<>();
    private @Nullable CopyMerger merger;
    private @Nullable ServerLink running;
    private @Nullable Failure failure;
    private boolean opened;
    private int source;
    private long rows;

    CopyOut(SessionPort port, Leases leases, Replier replier, CopyShape shape, byte[] sql, Outcome outcome) {
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.shape = shape;
        this.sql = sql;
        this.outcome = outcome;
    }

    void start(List<ShardId> shards) {
        remaining.addAll(shards);
        merger = new CopyMerger(shape, shards.size());
        next();
    }

    private void next() {
        ShardId shard = remaining.pollFirst();
        if (failure != null) {
            outcome.failed(failure);
        } else if (shard == null) {
            finish();
        } else {
            leases.with(
                    shard,
                    link -> {
                        running = link;
                        link.unnamed(null);
                        link.exchange(Requests.query(port.allocator(), sql), this);
                    },
                    refusal -> {
                        failure = refusal;
                        next();
                    });
        }
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        switch (type) {
            case 'H' -> {
                if (!opened) {
                    opened = true;
                    replier.forward(frame);
                }
            }
            case 'd' -> {
                CopyMerger merging = merger;
                if (merging != null) {
                    merging.data(source, Replies.body(frame).retain(), this::send);
                }
                if (!port.clientWritable()) {
                    link.wire().reading(false);
                }
            }
            case 'C' -> rows += Replies.rowsOf(Replies.tagOf(frame));
            case 'E' -> failure = new Failure(Replies.errorOf(frame));
            case 'N' -> replier.forward(frame);
            default -> {
                // CopyDone is sent once, at the end
            }
        }
    }

    private void send(ByteBuf payload) {
        replier.send(port.allocator().buffer(5).writeByte('d').writeInt(4 + payload.readableBytes()));
        replier.send(payload);
    }

    @Override
    public void clientWritable() {
        if (running != null && !running.lost()) {
            running.wire().reading(true);
        }
    }

    @Override
    public void ready(ServerLink link) {
        link.wire().reading(true);
        source++;
        next();
    }

    @Override
    public void lost(ServerLink link, String reason) {
        failure = new Failure(ErrorFields.of(Losses.duringStatement(port, link, reason, false), false));
        next();
    }

    private void finish() {
        CopyMerger merging = merger;
        byte[] end = merging == null ? new byte[0] : merging.end();
        if (end.length > 0) {
            send(port.allocator().buffer(end.length).writeBytes(end));
        }
        replier.bare('c');
        replier.complete("COPY " + rows);
        outcome.done();
    }
}

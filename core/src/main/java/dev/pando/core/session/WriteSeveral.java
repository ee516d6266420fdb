package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.RowNumbers;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write on several shards within a transaction: one shard after the other in shard order, so that two such writes cannot lock each other
 * out. The transaction around it, and with it the atomic outcome, is the caller's.
 */
final class WriteSeveral implements Operation, ReplyHandler {
    /** Whose rows and which count the client sees. */
    enum Answer {
        /** Each shard did its own part: counts add up, rows are concatenated. */
        SUM,
        /** Each shard did the same: the first one's answer stands for all. */
        FIRST,
        /** As SUM, but rows come back in the order the client gave them. */
        IN_ORDER
    }

    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Outcome outcome;
    private final Answer answer;
    private final Function<ShardId, ShardRequest> requests;
    private final long memoryLimit;
    private final Deque<ShardId> remaining = new ArrayDeque<>();
    private final Map<ShardId, Deque<ByteBuf>> kept = new HashMap<>();
    private List<ShardId> rowOrder = List.of();
    /** Takes the rows when the client wants only some of them now. */
    private @Nullable HeldRows held;

    private Consumer<Portal.Rows> rest = rows -> {};
    private int maxRows;
    private boolean described;
    /** Not sent yet: PostgreSQL runs such a statement to its end before it answers, so an error comes in place of it. */
    private @Nullable ByteBuf description;

    private boolean parsed;
    private @Nullable RowNumbers numbers;
    private @Nullable ShardRequest current;
    /** Not read while the client takes no more rows. */
    private @Nullable ServerLink unread;

    /** The next shard has its turn when the client takes rows again. */
    private boolean paused;

    private @Nullable Failure failure;
    private @Nullable String tag;
    private long affected;
    private long keptBytes;

    WriteSeveral(
            SessionPort port,
            Leases leases,
            Replier replier,
            Answer answer,
            Function<ShardId, ShardRequest> requests,
            long memoryLimit,
            Outcome outcome) {
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.answer = answer;
        this.requests = requests;
        this.memoryLimit = memoryLimit;
        this.outcome = outcome;
    }

    /** For {@link Answer#IN_ORDER}: the shard of each row, in the client's order. */
    WriteSeveral rowOrder(List<ShardId> order) {
        rowOrder = order;
        return this;
    }

    /** The write runs to its end; of the rows it returns the client gets as many as it wants now. */
    WriteSeveral window(Execution.Window window) {
        rest = window.rest();
        maxRows = window.maxRows();
        if (window.limited()) {
            held = new HeldRows(replier, memoryLimit);
        }
        return this;
    }

    private void describe() {
        ByteBuf columns = description;
        if (columns != null) {
            description = null;
            replier.send(columns);
        }
    }

    /** A row that goes out while it streams holds its server up when the client is slow. */
    private void rowThrough(ServerLink link, ByteBuf row) {
        rowOut(row);
        if (held == null && !port.clientWritable()) {
            link.wire().reading(false);
            unread = link;
        }
    }

    @Override
    public void clientWritable() {
        ServerLink waiting = unread;
        unread = null;
        if (waiting != null && !waiting.lost()) {
            waiting.wire().reading(true);
        }
        if (paused) {
            paused = false;
            next();
        }
    }

    private void rowOut(ByteBuf row) {
        describe();
        if (held == null) {
            replier.send(row);
        } else {
            held.add(row);
        }
    }

    void start(List<ShardId> shards) {
        remaining.addAll(shards.stream().sorted().toList());
        next();
    }

    private void next() {
        ShardId shard = remaining.peekFirst();
        if (failure != null) {
            releaseKept();
            outcome.failed(failure);
        } else if (shard == null) {
            finish();
        } else {
            leases.with(
                    shard,
                    link -> {
                        Participant participant = leases.on(shard);
                        if (participant != null) {
                            participant.wrote = true;
                        }
                        ShardRequest request = requests.apply(shard);
                        parsed = !request.parses(link);
                        current = request;
                        request.send(port, link, this);
                    },
                    refusal -> {
                        failure = refusal;
                        next();
                    });
        }
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        boolean first = tag == null;
        switch (type) {
            case '1' -> parsed = true;
            case 'T' -> {
                if (!described && current != null && current.describes()) {
                    description = frame.copy();
                }
                described = true;
                numbers = leases.numbering().rows(link.shard(), frame);
            }
            case 'D' -> {
                try {
                    if (numbers != null) {
                        numbers.toHome(frame);
                    }
                    row(link, frame, first);
                } catch (PandoException full) {
                    failure = Failure.of(full);
                }
            }
            case 'C' -> {
                String theirs = Replies.tagOf(frame);
                affected += Replies.rowsOf(theirs);
                tag = tag == null ? theirs : tag;
            }
            case 'N' -> {
                if (first) {
                    replier.forward(frame);
                }
            }
            case 'E' -> {
                failure = new Failure(Replies.errorOf(frame));
                if (!parsed && current != null) {
                    current.notParsed(link);
                }
            }
            default -> {
                // Parse and Bind confirmations, parameter status
            }
        }
    }

    private void row(ServerLink link, ByteBuf frame, boolean first) {
        if (failure != null) {
            return;
        }
        switch (answer) {
            case SUM -> rowThrough(link, held == null ? frame.retain() : frame.copy());
            case FIRST -> {
                if (first) {
                    rowThrough(link, held == null ? frame.retain() : frame.copy());
                }
            }
            case IN_ORDER -> {
                keptBytes += frame.readableBytes();
                if (keptBytes > memoryLimit) {
                    failure = Failure.of(new PandoException(PandoError.MERGE_MEMORY, kept.size(), memoryLimit));
                } else {
                    kept.computeIfAbsent(link.shard(), s -> new ArrayDeque<>()).add(frame.copy());
                }
            }
        }
    }

    @Override
    public void ready(ServerLink link) {
        link.wire().reading(true);
        remaining.pollFirst();
        paused = unread != null && failure == null && !remaining.isEmpty();
        if (!paused) {
            next();
        }
    }

    @Override
    public void lost(ServerLink link, String reason) {
        Participant participant = leases.on(link.shard());
        failure = participant == null
                ? Failure.of(Losses.duringStatement(port, link, reason, false))
                : leases.lose(participant, reason);
        next();
    }

    private void finish() {
        if (!kept.isEmpty() && !sendInOrder()) {
            return;
        }
        describe();
        String name = tag == null ? "" : tag;
        String full = answer == Answer.FIRST ? name : Replies.withRows(name, affected);
        if (!described) {
            replier.complete(full);
            outcome.done();
            return;
        }
        HeldRows rows = held == null ? new HeldRows(replier, memoryLimit) : held;
        held = null;
        rows.tag(full);
        rest.accept(rows);
        if (maxRows > 0) {
            rows.fetch(maxRows, memoryLimit, outcome);
        } else {
            replier.complete(full);
            outcome.done();
        }
    }

    private boolean sendInOrder() {
        long rows = kept.values().stream().mapToLong(Deque::size).sum();
        if (rows != rowOrder.size()) {
            // Triggers or ON CONFLICT left rows out: which ones, nobody says.
            releaseKept();
            outcome.failed(Failure.of(new PandoException(
                    PandoError.CROSS_SHARD_SHAPE, "RETURNING of an INSERT that leaves out some of its rows")));
            return false;
        }
        List<ByteBuf> ordered = new ArrayList<>(rowOrder.size());
        for (ShardId shard : rowOrder) {
            Deque<ByteBuf> rowsOfShard = kept.get(shard);
            ByteBuf row = rowsOfShard == null ? null : rowsOfShard.pollFirst();
            if (row != null) {
                ordered.add(row);
            }
        }
        ordered.forEach(this::rowOut);
        releaseKept();
        return true;
    }

    @Override
    public void abandon() {
        releaseKept();
        if (held != null) {
            held.abandon();
        }
    }

    private void releaseKept() {
        kept.values().forEach(rows -> rows.forEach(ByteBuf::release));
        kept.clear();
        if (description != null) {
            description.release();
            description = null;
        }
        if (failure != null && held != null) {
            held.abandon();
        }
    }
}

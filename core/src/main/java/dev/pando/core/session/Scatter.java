package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.RowNumbers;
import dev.pando.core.link.ServerLink;
import dev.pando.core.link.Unheard;
import dev.pando.core.merge.Merger;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A read on several shards at once, merged while it streams. A shard is read only while the merge wants its rows and the client takes
 * them; once the result is complete the shards' remaining rows are thrown away, which their own LIMIT keeps few.
 *
 * <p>With a row limit it is a portal that pauses. Each shard then has a portal too, in the transaction around it, and is asked for a few
 * rows at a time. Between two fetches nothing is under way: the connections serve other statements, and rows that came too early wait in
 * the merge. When nobody can ask for more ({@link Fetch#last}) the shards have unnamed portals and rows left over are thrown away. Cursors
 * of SQL go on in the same way ({@link Supply}); {@link CursorRows} says what becomes of their rows ({@link Hand}).
 */
final class Scatter implements Portal.Rows, ReplyHandler {
    /** Rows asked of a shard at once when the client reads in pieces. */
    static final int PIECE = 1024;

    private static final int CHUNK = 32 * 1024;
    private static final int ROWS_PER_DRAIN = 1024;

    /**
     * How many rows are wanted.
     *
     * @param most most rows to hand out, {@link Long#MAX_VALUE} for all; of a cursor perhaps none
     * @param last nobody will ask for more
     * @param piece how many rows each shard was asked for with the first request, 0 for all
     */
    record Fetch(long most, boolean last, int piece) {
        static final Fetch ALL = new Fetch(Long.MAX_VALUE, true, 0);
    }

    /** What becomes of the rows of one fetch. */
    interface Hand {
        /** Whether the client gets the row with this number, counted from 0. */
        boolean shows(long row);

        /** Takes the rows that the client gets, when they do not go out now. */
        @Nullable
        HeldRows keeps();

        /** That many rows have come out; there are no more unless {@code full}. Tells the client. */
        void over(long rows, boolean full, Outcome outcome);
    }

    private enum State {
        RUNNING,
        /** The client has had as many rows as it asked for. */
        SUSPENDED,
        OVER
    }

    private final SessionPort port;
    private final Replier replier;
    private final Supply supply;
    private final ShardRequest request;
    private final Leases leases;
    private final Merger merger;
    private final Fetch first;
    private final Map<Integer, RowNumbers> numbers = new HashMap<>();
    private final BitSet parsed = new BitSet();
    /** Shards whose columns are known. */
    private final Set<Integer> known = new HashSet<>();
    /** Shards that have more rows and wait to be asked. */
    private final BitSet paused = new BitSet();

    private Outcome outcome;
    private State state = State.RUNNING;
    private List<ServerLink> links = List.of();
    private @Nullable Failure failure;
    private boolean describes;
    private Hand hand;
    private int asked;
    private int outstanding;
    private long most;
    private long rows;
    private @Nullable ByteBuf out;

    Scatter(
            SessionPort port,
            Replier replier,
            Supply supply,
            Leases leases,
            Merger merger,
            Fetch first,
            Outcome outcome) {
        this.port = port;
        this.replier = replier;
        this.supply = supply;
        this.request = supply.first();
        this.describes = request.describes();
        this.leases = leases;
        this.merger = merger;
        this.first = first;
        this.asked = first.piece();
        this.hand = new PortalHand(port, replier);
        this.most = first.most();
        this.outcome = outcome;
    }

    Scatter hand(Hand to) {
        hand = to;
        return this;
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
    public void fetch(int maxRows, long room, Outcome next) {
        fetch(maxRows <= 0 ? Long.MAX_VALUE : maxRows, false, room, next);
    }

    @Override
    public boolean failed() {
        return failure != null;
    }

    /** As above; {@code columns}: the client expects to hear of them again. */
    void fetch(long atMost, boolean columns, long room, Outcome next) {
        outcome = next;
        rows = 0;
        RowDescription output = merger.outputColumns();
        describes = columns && output == null;
        if (columns && output != null) {
            output.encode(buffer());
        }
        if (state == State.OVER) {
            flushChunk(1);
            hand.over(0, false, next);
            return;
        }
        state = State.RUNNING;
        most = atMost;
        merger.limit(room);
        for (ServerLink link : links) {
            if (link.lost()) {
                fail(Failure.of(Losses.duringStatement(port, link, "it closed the connection", false)));
            }
        }
        finishWhenDone();
    }

    @Override
    public long heldBytes() {
        return state == State.OVER ? 0 : merger.heldBytes();
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        int source = links.indexOf(link);
        try {
            switch (type) {
                case '1' -> parsed.set(source);
                case 'T' -> columns(source, RowDescription.decode(Replies.body(frame), source));
                case 'D' -> row(source, frame);
                case 's' -> paused.set(source);
                case 'C' -> {
                    if (supply.goesOn(frame, asked)) {
                        paused.set(source);
                    } else {
                        end(source);
                    }
                }
                case 'E' -> error(link, Replies.errorOf(frame));
                case 'N' -> {
                    if (source == 0) {
                        replier.forward(frame);
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
        if (failure != null || !known.add(source)) {
            return;
        }
        merger.columns(source, columns);
        RowNumbers inside = leases.numbering().rows(links.get(source).shard(), columns.fields(), null);
        if (inside != null) {
            numbers.put(source, inside);
        }
        RowDescription output = merger.outputColumns();
        if (describes && output != null) {
            describes = false;
            output.encode(buffer());
        }
    }

    private boolean full() {
        return rows == most;
    }

    private void row(int source, ByteBuf frame) {
        if (failure != null || merger.finished() || (first.last() && full())) {
            return;
        }
        RowNumbers inside = numbers.get(source);
        if (inside != null) {
            inside.toHome(frame);
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
        int moved = ROWS_PER_DRAIN;
        while (moved == ROWS_PER_DRAIN && !full() && port.clientWritable()) {
            moved = merger.drain(this::emit, (int) Math.min(ROWS_PER_DRAIN, most - rows));
        }
        flushChunk(CHUNK);
        regulate();
    }

    private void regulate() {
        boolean open = failure != null || merger.finished() || full();
        for (int i = 0; i < links.size(); i++) {
            ServerLink link = links.get(i);
            if (!link.lost()) {
                link.wire().reading(open || merger.wants(i));
            }
        }
    }

    private void emit(ByteBuf body) {
        boolean shown = hand.shows(rows);
        HeldRows held = hand.keeps();
        rows++;
        try {
            if (shown && held != null) {
                held.add(row(port.allocator().buffer(5 + body.readableBytes()), body));
            } else if (shown) {
                row(buffer(), body);
            }
        } finally {
            body.release();
        }
        flushChunk(CHUNK);
    }

    private static ByteBuf row(ByteBuf target, ByteBuf body) {
        return target.writeByte('D').writeInt(4 + body.readableBytes()).writeBytes(body);
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
            finishWhenDone();
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
            if (leases.transaction().mayCancel()) {
                links.stream().filter(link -> !link.idle() && !link.lost()).forEach(ServerLink::cancel);
            }
        }
        regulate();
    }

    @Override
    public void close() {
        if (state != State.OVER
                && supply instanceof Supply.OfPortal(ShardRequest any, String portal)
                && !portal.isEmpty()) {
            links.stream().filter(link -> !link.lost()).forEach(link -> {
                ByteBuf request = port.allocator().buffer(32);
                Requests.close(request, 'P', portal);
                Requests.bare(request, 'S');
                link.exchange(request, new Unheard());
            });
        }
        abandon();
    }

    @Override
    public void abandon() {
        state = State.OVER;
        merger.close();
        if (out != null) {
            out.release();
            out = null;
        }
    }

    @Override
    public void ready(ServerLink link) {
        outstanding--;
        port.watch().answered(link.shard());
        try {
            finishWhenDone();
        } catch (PandoException refusal) {
            fail(Failure.of(refusal));
            finishWhenDone();
        }
    }

    @Override
    public void lost(ServerLink link, String reason) {
        outstanding--;
        fail(Failure.of(Losses.duringStatement(port, link, reason, false)));
        finishWhenDone();
    }

    private void finishWhenDone() {
        if (outstanding == 0 && state == State.RUNNING) {
            finish();
        }
    }

    private void finish() {
        if (failure == null) {
            pump();
            if (!full() && !merger.finished()) {
                if (port.clientWritable()) {
                    askForMore();
                }
                // Else the client is slow: the rest goes out when it reads again.
                return;
            }
        }
        flushChunk(1);
        if (failure != null) {
            abandon();
            outcome.failed(failure);
        } else {
            boolean full = full();
            if (full) {
                state = State.SUSPENDED;
            } else {
                abandon();
            }
            hand.over(rows, full, outcome);
        }
    }

    private void askForMore() {
        int piece = most == Long.MAX_VALUE ? 0 : (int) Math.min(PIECE, most - rows);
        BitSet due = new BitSet();
        for (int i = 0; i < links.size(); i++) {
            due.set(i, paused.get(i) && (piece == 0 || merger.hungry(i)));
        }
        paused.andNot(due);
        outstanding = due.cardinality();
        asked = piece;
        ShardRequest more = supply.more(piece);
        due.stream().forEach(i -> more.send(port, links.get(i), this));
    }
}

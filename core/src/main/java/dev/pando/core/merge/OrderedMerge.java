package dev.pando.core.merge;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Merges sources that are each in order. A row can go out when every source that has not ended has a row waiting; {@code heads} holds the
 * sources with waiting rows, sorted by their first row (equal ones by number), so that runs of rows from one source cost one comparison
 * each.
 *
 * <p>A source whose rows turn out not to be in order is an error: it would mean that the shard sorts differently than we do, and a silent
 * wrong order is the one thing that must not happen.
 */
final class OrderedMerge implements Strategy {
    /** Roughly what a waiting row costs besides its bytes: keys, queue entry, buffer object. */
    private static final int ROW_OVERHEAD = 160;

    private final RowOrder order;
    private final DataRow row;
    private final int hidden;
    private final Budget budget;
    private final Source[] sources;
    private final Source[] heads;
    private int headCount;
    /** Sources that have not ended and have no row waiting. */
    private int starving;

    private static final class Source {
        final int number;
        final ArrayDeque<Row> waiting = new ArrayDeque<>();

        @Nullable
        Values lastKeys;

        long waitingBytes;
        boolean ended;

        Source(int number) {
            this.number = number;
        }
    }

    private record Row(ByteBuf body, Values keys, int cost) {}

    OrderedMerge(int sources, Columns columns, RowOrder order, int hidden, Budget budget) {
        this.order = order;
        this.row = new DataRow(columns.count());
        this.hidden = hidden;
        this.budget = budget;
        this.sources = new Source[sources];
        this.heads = new Source[sources];
        this.starving = sources;
        for (int i = 0; i < sources; i++) {
            this.sources[i] = new Source(i);
        }
    }

    @Override
    public void row(int number, ByteBuf body) {
        Source source = sources[number];
        row.read(number, body);
        Values keys = order.keys(row, body);
        if (source.lastKeys != null && order.compare(source.lastKeys, keys) > 0) {
            throw new PandoException(PandoError.BACKEND_PROTOCOL, number, "rows in another order than asked for");
        }
        row.cut(body, hidden);
        int cost = body.readableBytes() + ROW_OVERHEAD;
        budget.take(cost);
        source.lastKeys = keys;
        source.waiting.add(new Row(body, keys, cost));
        source.waitingBytes += cost;
        if (source.waiting.size() == 1) {
            starving--;
            insertHead(source);
        }
    }

    /** Puts {@code source} among the heads. */
    private void insertHead(Source source) {
        int at = headCount++;
        while (at > 0 && before(source, heads[at - 1])) {
            heads[at] = heads[at - 1];
            at--;
        }
        heads[at] = source;
    }

    private boolean before(Source left, Source right) {
        int difference = order.compare(left.waiting.getFirst().keys, right.waiting.getFirst().keys);
        return difference < 0 || (difference == 0 && left.number < right.number);
    }

    @Override
    public void end(int number) {
        Source source = sources[number];
        source.ended = true;
        if (source.waiting.isEmpty()) {
            starving--;
        }
    }

    @Override
    public boolean wants(int number) {
        return sources[number].waitingBytes < budget.enoughPerSource();
    }

    @Override
    public boolean hungry(int number) {
        return sources[number].waiting.isEmpty();
    }

    @Override
    public int drain(Window window, RowSink sink, int maxRows) {
        int passed = 0;
        while (passed < maxRows && starving == 0 && headCount > 0 && !window.full()) {
            Source source = heads[0];
            Row first = source.waiting.removeFirst();
            source.waitingBytes -= first.cost;
            budget.give(first.cost);
            if (source.waiting.isEmpty()) {
                removeFirstHead();
                if (!source.ended) {
                    starving++;
                }
            } else {
                sinkFirstHead(source);
            }
            if (window.pass(first.body, sink)) {
                passed++;
            }
        }
        return passed;
    }

    private void removeFirstHead() {
        headCount--;
        System.arraycopy(heads, 1, heads, 0, headCount);
    }

    /** Moves {@code source}, the first head, back to where its new first row belongs. */
    private void sinkFirstHead(Source source) {
        int at = 0;
        while (at + 1 < headCount && before(heads[at + 1], source)) {
            heads[at] = heads[at + 1];
            at++;
        }
        heads[at] = source;
    }

    @Override
    public boolean exhausted() {
        return starving == 0 && headCount == 0;
    }

    @Override
    public void close() {
        for (Source source : sources) {
            source.waiting.forEach(waiting -> waiting.body.release());
            source.waiting.clear();
        }
        headCount = 0;
    }
}

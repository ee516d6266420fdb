package dev.pando.core.merge;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** Rows in the order in which they arrive, not looked into unless hidden columns have to be cut off. */
final class Concatenation implements Strategy {
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private final DataRow row;
    private final int hidden;
    private final Budget budget;
    private long waitingBytes;
    private int open;

    Concatenation(int sources, int columns, int hidden, Budget budget) {
        this.open = sources;
        this.row = new DataRow(columns);
        this.hidden = hidden;
        this.budget = budget;
    }

    @Override
    public void row(int source, ByteBuf body) {
        if (hidden > 0) {
            row.read(source, body);
            row.cut(body, hidden);
        }
        int size = body.readableBytes();
        budget.take(size);
        waiting.add(body);
        waitingBytes += size;
    }

    @Override
    public void end(int source) {
        open--;
    }

    @Override
    public boolean wants(int source) {
        return waitingBytes < budget.enoughPerSource();
    }

    @Override
    public boolean hungry(int source) {
        return waiting.isEmpty();
    }

    @Override
    public int drain(Window window, RowSink sink, int maxRows) {
        int passed = 0;
        while (passed < maxRows) {
            ByteBuf body = waiting.poll();
            if (body == null) {
                break;
            }
            int size = body.readableBytes();
            waitingBytes -= size;
            budget.give(size);
            if (window.pass(body, sink)) {
                passed++;
            }
        }
        return passed;
    }

    @Override
    public boolean exhausted() {
        return open == 0 && waiting.isEmpty();
    }

    @Override
    public void close() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }
}

package dev.pando.core.merge;

import io.netty.buffer.ByteBuf;

/** One way of merging; {@link Merger} has checked the order of calls. */
sealed interface Strategy permits Concatenation, OrderedMerge, GroupedMerge {
    void row(int source, ByteBuf body);

    void end(int source);

    boolean wants(int source);

    /** Whether no row of this source waits, so that nothing may come out before it has sent one or ended. */
    boolean hungry(int source);

    /** Hands out rows that are ready, {@code maxRows} at most; returns how many. */
    int drain(Window window, RowSink sink, int maxRows);

    /** Nothing is left, and nothing will come. */
    boolean exhausted();

    void close();
}

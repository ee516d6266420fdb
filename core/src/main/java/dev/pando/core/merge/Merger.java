package dev.pando.core.merge;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Merges the rows of several sources (shards, numbered from 0) as a stream. Owned by one session and used by its thread only.
 *
 * <p>Calls for each source: {@link #columns}, any number of {@link #row}, {@link #end}. Between them, in any order, {@link #drain} takes
 * out what is ready and {@link #wants} tells whom to read. When {@link #finished} becomes true the shards still running can be stopped.
 *
 * <p>Buffers: {@code row} takes over one reference to the body, whatever happens in it, and may write into its bytes (the field count
 * when hidden columns are cut off). Each reference goes either to the {@link RowSink} or is released, at the latest by {@link #close}.
 * A body may be a slice of the connection's read buffer: rows of an ungrouped merge are passed on as the same slices.
 *
 * <p>Memory: waiting rows and groups together stay below the limit or MERGE_MEMORY is raised. It is not raised for waiting rows as long
 * as the caller reads a source only while {@code wants} says so and a read batch is smaller than half of the limit by the number of
 * sources.
 *
 * <p>What is exact: see {@link GroupedMerge}. Text is ordered by bytes of UTF-8, or the merge is refused (COLLATION_ORDER).
 */
public final class Merger implements AutoCloseable {
    private final MergeSpec spec;
    private final int sources;
    private final Window window;
    private final Budget budget;
    private @Nullable Columns columns;
    private @Nullable RowDescription output;
    private @Nullable Strategy strategy;
    private int ended;

    /**
     * Prepares a merge.
     *
     * @param limit most rows to put out, -1 for all: the value of {@link MergeSpec#limit()}
     * @param offset rows to leave out first
     */
    public Merger(MergeSpec spec, int sources, long limit, long offset, Limits limits) {
        this.spec = spec;
        this.sources = sources;
        this.window = new Window(limit, offset);
        this.budget = new Budget(sources, limits.memoryBytes());
    }

    /** The columns of a source's rows, hidden ones included. Refuses types that cannot be merged exactly, and sources that differ. */
    public void columns(int source, RowDescription shardColumns) {
        Columns theirs = Columns.of(shardColumns);
        if (columns != null) {
            columns.requireSame(source, theirs);
            return;
        }
        Strategy made = strategy(theirs);
        columns = theirs;
        strategy = made;
    }

    private Strategy strategy(Columns shard) {
        if (shard.count() < spec.hidden()) {
            throw new PandoException(PandoError.SCHEMA_DIFFERS, shard.count() + " columns, too few to merge");
        }
        MergeSpec.Grouping grouping = spec.grouping();
        if (grouping != null) {
            GroupedMerge grouped = new GroupedMerge(sources, shard, grouping, spec.order(), budget);
            output = grouped.output();
            return grouped;
        }
        output = new RowDescription(shard.fields().subList(0, shard.count() - spec.hidden()));
        return spec.order().isEmpty()
                ? new Concatenation(sources, shard.count(), spec.hidden(), budget)
                : new OrderedMerge(sources, shard, new RowOrder(spec.order(), shard), spec.hidden(), budget);
    }

    /** The columns of the merged rows, in the format the shards' columns have; null before the first {@link #columns}. */
    public @Nullable RowDescription outputColumns() {
        return output;
    }

    /** One row: the body of its DataRow, whose reference passes to this object. */
    public void row(int source, ByteBuf body) {
        boolean taken = false;
        try {
            if (window.full()) {
                return;
            }
            started(source).row(source, body);
            taken = true;
        } finally {
            if (!taken) {
                body.release();
            }
        }
    }

    private Strategy started(int source) {
        if (strategy == null) {
            throw new PandoException(PandoError.BACKEND_PROTOCOL, source, "a row before its columns");
        }
        return strategy;
    }

    /** No more rows of this source. */
    public void end(int source) {
        ended++;
        started(source).end(source);
    }

    /** False: leave this source unread for now, {@link #drain} first. */
    public boolean wants(int source) {
        return !window.full() && (strategy == null || strategy.wants(source));
    }

    /** Whether a source that paused has to go on for the next row to come out. */
    public boolean hungry(int source) {
        return strategy == null || strategy.hungry(source);
    }

    /** Bytes that wait, roughly. */
    public long heldBytes() {
        return budget.used();
    }

    /** Sets the memory limit anew: what others hold may have changed since. */
    public void limit(long bytes) {
        budget.limit(bytes);
    }

    /** Hands out rows that are ready, {@code maxRows} at most; returns how many. */
    public int drain(RowSink sink, int maxRows) {
        return strategy == null ? 0 : strategy.drain(window, sink, maxRows);
    }

    /** All rows are out: every source has ended, or the limit is reached. */
    public boolean finished() {
        return strategy != null && (window.full() || (ended == sources && strategy.exhausted()));
    }

    /** Releases what still waits. */
    @Override
    public void close() {
        if (strategy != null) {
            strategy.close();
        }
    }
}

package dev.pando.core.copy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.CopyShape;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.topology.Placement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/**
 * Deals the rows of a COPY FROM STDIN out to the shards while they stream. Owned by one session and used by its thread only.
 *
 * <p>Rows are passed on byte for byte; of each only the key's fields are decoded. Chunks may be cut anywhere. What no row is goes to
 * every shard, because each runs the same COPY statement: the header line of text and CSV (so that HEADER MATCH is checked by each
 * server), header and trailer of the binary format. The end marker {@code \.} of the text format is not passed on.
 *
 * <p>Only what is needed to find rows and keys is checked here; the rest (number of fields, values of other columns) is left to the
 * shards, whose errors are PostgreSQL's own. A shard's own line numbers count the rows it got; errors raised here (COPY_BAD_DATA) count
 * the rows of the whole.
 *
 * <p>Text in the client encoding UTF-8, or any other in which every byte of a multi-byte character is above 127.
 *
 * <p>After an error nothing but {@link #close} may be called.
 *
 * <p>Memory: one unfinished row, at most {@code maxRowBytes} long, besides the chunk at hand and its copy.
 */
public final class CopySplitter implements AutoCloseable {
    private static final int KEPT_BYTES = 64 * 1024;

    private final RowFinder finder;
    private final KeyReader keys;
    private final ShardingFunction function;
    private final ByteBufAllocator allocator;
    private final int maxRowBytes;
    private final ByteBuf[] outputs;
    /** As PostgreSQL has it: what follows the end marker of the text format is passed over, behind the binary trailer it is an error. */
    private final boolean goesOnAfterEnd;

    private byte[] buffer = new byte[KEPT_BYTES];
    private int end;
    private long rows;
    private boolean done;
    /** Bytes from here to the current row all go to {@code runShard}: neighbours are copied at once. */
    private int runStart;

    private int runShard;

    /**
     * Prepares to split the data of a COPY into a sharded table.
     *
     * @param maxRowBytes the longest row that is accepted
     */
    public CopySplitter(CopyShape shape, ByteBufAllocator allocator, int maxRowBytes) {
        Placement.Sharded placement = shape.placement();
        if (placement == null) {
            throw new PandoException(PandoError.BUG, "COPY into a table that is not sharded needs no splitting");
        }
        this.function = placement.function();
        this.allocator = allocator;
        this.maxRowBytes = maxRowBytes;
        this.outputs = new ByteBuf[function.shardCount()];
        Arrays.setAll(outputs, shard -> allocator.buffer(0));
        this.goesOnAfterEnd = shape.format() != CopyShape.Format.BINARY;
        KeyFields fields = new KeyFields(shape.keyFields());
        this.finder = switch (shape.format()) {
            case TEXT -> new TextRows(shape, fields);
            case CSV -> new CsvRows(shape, fields);
            case BINARY -> new BinaryRows(shape, fields);
        };
        this.keys = new KeyReader(shape, placement.keyTypes(), fields);
    }

    /** The payload of one CopyData. Reads {@code chunk} to its end; its reference stays with the caller. */
    public void data(ByteBuf chunk, CopySink sink) {
        if (done) {
            if (chunk.isReadable() && !goesOnAfterEnd) {
                throw new BadRow(BinaryRows.AFTER_TRAILER).numbered(rows + 1);
            }
            chunk.skipBytes(chunk.readableBytes());
            return;
        }
        int length = chunk.readableBytes();
        if (buffer.length - end < length) {
            buffer = Arrays.copyOf(buffer, Math.max(end + length, Math.min(2 * end, maxRowBytes)));
        }
        chunk.readBytes(buffer, end, length);
        end += length;
        split(false);
        flush(sink);
    }

    /** CopyDone: the last line may lack its newline. */
    public void end(CopySink sink) {
        if (!done) {
            split(true);
            done = true;
        }
        byte[] trailer = finder.trailer();
        for (int shard = 0; shard < outputs.length && trailer.length > 0; shard++) {
            outputs[shard].writeBytes(trailer);
        }
        flush(sink);
    }

    /** Rows dealt out so far. */
    public long rows() {
        return rows;
    }

    private void split(boolean last) {
        int start = 0;
        runStart = 0;
        runShard = -1;
        while (!done) {
            int rowEnd = find(start, last);
            if (rowEnd < 0) {
                break;
            }
            switch (finder.kind()) {
                case ROW -> deal(start);
                case EVERY_SHARD -> everywhere(start, rowEnd);
                case END -> {
                    copyRun(start);
                    runStart = rowEnd;
                    done = true;
                }
            }
            start = rowEnd;
        }
        copyRun(start);
        keepRest(done ? end : start);
    }

    private int find(int start, boolean last) {
        try {
            int rowEnd = finder.find(buffer, start, end, last);
            int length = (rowEnd < 0 ? end : rowEnd) - start;
            if (length > maxRowBytes || finder.announced() > maxRowBytes) {
                throw new BadRow("it is longer than " + maxRowBytes + " bytes");
            }
            return rowEnd;
        } catch (BadRow e) {
            throw e.numbered(rows + 1);
        }
    }

    private void deal(int start) {
        rows++;
        int shard;
        try {
            shard = function.shardOf(keys.read(buffer, start));
        } catch (BadRow e) {
            throw e.numbered(rows);
        } catch (PandoException e) {
            Object reason =
                    e.error() == PandoError.KEY_INVALID ? e.particulars().getLast() : String.valueOf(e.getMessage());
            throw PandoException.causedBy(e, PandoError.COPY_BAD_DATA, rows, reason);
        }
        if (shard != runShard) {
            copyRun(start);
            runStart = start;
            runShard = shard;
        }
    }

    private void everywhere(int start, int rowEnd) {
        copyRun(start);
        for (ByteBuf output : outputs) {
            output.writeBytes(buffer, start, rowEnd - start);
        }
        runStart = rowEnd;
    }

    private void copyRun(int until) {
        if (runShard >= 0 && until > runStart) {
            outputs[runShard].writeBytes(buffer, runStart, until - runStart);
        }
        runStart = until;
        runShard = -1;
    }

    private void keepRest(int from) {
        int rest = end - from;
        if (rest == 0 && buffer.length > 16 * KEPT_BYTES) {
            buffer = new byte[KEPT_BYTES];
        } else {
            System.arraycopy(buffer, from, buffer, 0, rest);
        }
        end = rest;
    }

    private void flush(CopySink sink) {
        for (int shard = 0; shard < outputs.length; shard++) {
            ByteBuf full = outputs[shard];
            if (full.isReadable()) {
                outputs[shard] = allocator.buffer(full.readableBytes());
                sink.data(shard, full);
            }
        }
    }

    /** Releases what was not handed out. */
    @Override
    public void close() {
        for (ByteBuf output : outputs) {
            output.release();
        }
        done = true;
    }
}

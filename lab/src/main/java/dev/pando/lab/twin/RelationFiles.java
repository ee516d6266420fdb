package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives a twin's relations the lengths that the target's have, since the planner asks for a file's length. Each gets a second file, all
 * holes but for an index's first pages, under a number that the server never gives; the first stays, empty, and can be put back. Nothing
 * of the second is in the server's buffers, so it may be written at any time before the catalog names it.
 */
final class RelationFiles {
    private static final long FIRST_NUMBER = 3_000_000_000L;

    /** As {@code pg_relation_filepath} has it in the usual tablespace: anything else may be planted. */
    private static final Pattern PATH = Pattern.compile("base/\\d+/\\d+");

    /** All holes, but each segment is a file: some hundred terabytes in files of a gigabyte. */
    private static final long MOST_SEGMENTS = 100_000;

    private static final int PAGE_OVERHEAD = 40;
    private static final int TUPLE_HEADER = 8;
    private static final int ALIGNMENT = 8;
    private static final int LINE_POINTER = 4;
    private static final double INNER_FILL = 0.7;

    private final Path data;
    private final int blockSize;
    private final long segmentBlocks;
    private long segments;
    /** Numbers are never used twice on this machine's twins: several connections may write files of one. */
    private static final AtomicLong NEXT = new AtomicLong(FIRST_NUMBER);

    RelationFiles(Connection connection) throws SQLException {
        this.data = Path.of(Sql.one(connection, "SHOW data_directory"));
        this.blockSize = Integer.parseInt(Sql.one(connection, "SHOW block_size"));
        this.segmentBlocks =
                Long.parseLong(Sql.one(connection, "SELECT setting FROM pg_settings WHERE name = 'segment_size'"));
    }

    int blockSize() {
        return blockSize;
    }

    /**
     * Writes a second file of {@code blocks} pages for the relation with the file {@code path}, as {@code pg_relation_filepath} has it, and
     * answers its number. An index's begins with the pages that the first has on disk, and a btree has the height that is usual for its length.
     */
    long write(String path, long blocks, boolean index, @Nullable Double keyWidth) throws IOException {
        if (!PATH.matcher(path).matches()) {
            throw new IOException("not a relation's file: " + path);
        }
        if (blocks < 0 || blocks / segmentBlocks >= MOST_SEGMENTS) {
            throw tooLarge();
        }
        segments += blocks / segmentBlocks;
        if (segments > MOST_SEGMENTS) {
            throw tooLarge();
        }
        long number = NEXT.getAndIncrement();
        Path first = data.resolve(path);
        Path file = first.resolveSibling(Long.toString(number));
        UserPrincipal owner = Files.getOwner(first);
        long whole = blocks;
        if (index) {
            Files.copy(first, file);
            whole = Math.max(blocks, Files.size(file) / blockSize);
        }
        for (int segment = 0; segment == 0 || segment * segmentBlocks < whole; segment++) {
            Path part = segment == 0 ? file : file.resolveSibling(number + "." + segment);
            long length = Math.min(segmentBlocks, whole - segment * segmentBlocks);
            try (RandomAccessFile sparse = new RandomAccessFile(part.toFile(), "rw")) {
                sparse.setLength(length * blockSize);
            }
            Files.setOwner(part, owner);
        }
        if (keyWidth != null && blocks > 1) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                new BtreePages(blockSize).write(channel, height(blocks, keyWidth, blockSize));
            }
        }
        return number;
    }

    private static PandoException tooLarge() {
        return new PandoException(PandoError.SNAPSHOT_TOO_LARGE, MOST_SEGMENTS, "files of 1 GB");
    }

    /** Levels above the leaves: a page between has tuples of a key and a number, and is filled to 70 %. */
    static int height(long blocks, double keyWidth, int blockSize) {
        long aligned = (long) Math.ceil((TUPLE_HEADER + keyWidth) / ALIGNMENT) * ALIGNMENT;
        long fanout = Math.max(2, (long) ((blockSize - PAGE_OVERHEAD) * INNER_FILL / (aligned + LINE_POINTER)));
        int height = 0;
        for (long pages = blocks - 1; pages > 1; pages = (pages + fanout - 1) / fanout) {
            height++;
        }
        return height;
    }
}

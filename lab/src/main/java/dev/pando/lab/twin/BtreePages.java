package dev.pando.lab.twin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The first pages of a btree without entries but of a given height, which the planner reads in the index's meta page: one page on each
 * level, each with the one downlink that is less than any key, down to an empty leaf. A scan finds nothing, in order.
 */
final class BtreePages {
    private static final int HEADER = 24;
    private static final int SPECIAL = 16;
    private static final int VERSION = 4;
    private static final int TUPLE = 8;
    /** In a tuple's size: its place for a row's number says how many columns it has, here none. */
    private static final int PIVOT = 0x2000;

    private static final int NORMAL = 1;
    private static final int LEAF = 1;
    private static final int ROOT = 2;
    private static final int META_ROOT = HEADER + 8;

    private final int blockSize;

    BtreePages(int blockSize) {
        this.blockSize = blockSize;
    }

    /** Gives the index in {@code file}, whose meta page is there, {@code height} levels above its leaf. */
    void write(FileChannel file, int height) throws IOException {
        ByteBuffer meta = page();
        file.read(meta, 0);
        boolean checksums = PageChecksum.stored(meta) != 0;
        meta.putInt(META_ROOT, 1);
        meta.putInt(META_ROOT + 4, height);
        meta.putInt(META_ROOT + 8, 1);
        meta.putInt(META_ROOT + 12, height);
        write(file, meta, 0, checksums);
        for (int level = height; level >= 0; level--) {
            int block = height - level + 1;
            write(file, level(level, block, level == height), block, checksums);
        }
    }

    private ByteBuffer level(int level, int block, boolean root) {
        ByteBuffer page = page();
        int upper = blockSize - SPECIAL;
        int lower = HEADER;
        if (level > 0) {
            upper -= TUPLE;
            page.putInt(lower, upper | NORMAL << 15 | TUPLE << 17);
            page.putShort(upper + 2, (short) (block + 1)); // its child; before it the high half of that number
            page.putShort(upper + 6, (short) (PIVOT | TUPLE));
            lower += Integer.BYTES;
        }
        page.putShort(12, (short) lower);
        page.putShort(14, (short) upper);
        page.putShort(16, (short) (blockSize - SPECIAL));
        page.putShort(18, (short) (blockSize | VERSION));
        page.putInt(blockSize - SPECIAL + 8, level);
        page.putShort(blockSize - SPECIAL + 12, (short) ((root ? ROOT : 0) | (level == 0 ? LEAF : 0)));
        return page;
    }

    private ByteBuffer page() {
        return ByteBuffer.allocate(blockSize).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void write(FileChannel file, ByteBuffer page, int block, boolean checksum) throws IOException {
        if (checksum) {
            PageChecksum.store(page, block);
        }
        file.write(page.rewind(), (long) block * page.capacity());
    }
}

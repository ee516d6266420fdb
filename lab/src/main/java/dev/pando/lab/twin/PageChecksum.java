package dev.pando.lab.twin;

import java.nio.ByteBuffer;

/** PostgreSQL's checksum of a page: 32 FNV-1a sums side by side, folded (its {@code checksum_impl.h} describes it). */
final class PageChecksum {
    private static final int PRIME = 16777619;
    private static final int[] OFFSETS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };
    private static final int AT = 8;

    private PageChecksum() {}

    /** Of a little-endian page at {@code block} of its relation; what the page says its checksum is does not count. */
    static short of(ByteBuffer page, int block) {
        int[] sums = OFFSETS.clone();
        for (int word = 0; word < page.capacity() / Integer.BYTES; word++) {
            int value = page.getInt(word * Integer.BYTES);
            add(sums, word % sums.length, word == AT / Integer.BYTES ? value & 0xFFFF0000 : value);
        }
        int folded = 0;
        for (int i = 0; i < sums.length; i++) {
            add(sums, i, 0);
            add(sums, i, 0);
            folded ^= sums[i];
        }
        return (short) (Integer.remainderUnsigned(folded ^ block, 65535) + 1);
    }

    private static void add(int[] sums, int at, int value) {
        int mixed = sums[at] ^ value;
        sums[at] = mixed * PRIME ^ mixed >>> 17;
    }

    static short stored(ByteBuffer page) {
        return page.getShort(AT);
    }

    static void store(ByteBuffer page, int block) {
        page.putShort(AT, of(page, block));
    }
}

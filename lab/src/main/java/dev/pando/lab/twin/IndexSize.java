package dev.pando.lab.twin;

/**
 * How many pages an index would have if it were built over a table's rows. A btree's is reckoned entry by entry, with equal keys sharing
 * entries as the build does it; those of other kinds are rough.
 */
final class IndexSize {
    private static final int PAGE_OVERHEAD = 40;
    private static final int TUPLE_HEADER = 8;
    private static final int LINE_POINTER = 4;
    private static final int ROW_NUMBER = 6;
    private static final int REVMAP_ENTRIES = 1360;

    private final int blockSize;
    private final int fillFactor;

    IndexSize(int blockSize, int fillFactor) {
        this.blockSize = blockSize;
        this.fillFactor = fillFactor;
    }

    /** {@code bytes}: of an entry's columns. {@code keys}: distinct ones. {@code shared}: equal keys share an entry. */
    long btree(double tuples, double bytes, double keys, boolean shared) {
        double entry = aligned(TUPLE_HEADER + bytes);
        double distinct = Math.max(1, Math.min(keys, tuples));
        double rows = tuples / distinct;
        double total;
        if (!shared || rows <= 1) {
            total = tuples * (entry + LINE_POINTER);
        } else {
            // The build gives a shared entry a tenth of a page at most.
            double most = Math.max(2, Math.floor((blockSize / 10 / 8 * 8 - LINE_POINTER - entry) / ROW_NUMBER));
            double full = Math.floor(rows / most);
            double rest = rows - full * most;
            double of = full * (aligned(entry + most * ROW_NUMBER) + LINE_POINTER);
            of += rest <= 0 ? 0 : aligned(entry + (rest > 1 ? rest * ROW_NUMBER : 0)) + LINE_POINTER;
            total = of * distinct;
        }
        long leaves = pages(total);
        long all = leaves + 1;
        double fanout = Math.max(2, (blockSize - PAGE_OVERHEAD) * 0.7 / (entry + LINE_POINTER));
        for (double level = leaves; level > 1; level = Math.ceil(level / fanout)) {
            all += (long) Math.ceil(level / fanout);
        }
        return all;
    }

    long hash(double tuples) {
        double buckets = 2;
        double perPage = (blockSize - PAGE_OVERHEAD) * 0.75 / 20;
        while (buckets * perPage < tuples) {
            buckets *= 2;
        }
        return (long) buckets + 2;
    }

    long brin(double tablePages, int pagesPerRange, double bytes) {
        double ranges = Math.ceil(tablePages / pagesPerRange);
        return 1
                + (long) Math.ceil(ranges / REVMAP_ENTRIES)
                + pages(ranges * (aligned(TUPLE_HEADER + 2 * bytes) + LINE_POINTER));
    }

    /** GiST, SP-GiST and GIN: as many entries as rows. */
    long other(double tuples, double bytes) {
        return 1 + pages(tuples * (aligned(TUPLE_HEADER + bytes) + LINE_POINTER));
    }

    private long pages(double bytes) {
        return Math.max(1, (long) Math.ceil(bytes / ((blockSize - PAGE_OVERHEAD) * fillFactor / 100.0)));
    }

    private static double aligned(double bytes) {
        return Math.ceil(bytes / 8) * 8;
    }
}

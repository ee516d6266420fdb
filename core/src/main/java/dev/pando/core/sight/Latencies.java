package dev.pando.core.sight;

import java.util.Arrays;

/**
 * How long something took, as counts in classes each an eighth of a doubling wide: a percentile is off by less than 7 %, from a microsecond
 * to more than an hour. Grows with the range that is seen, to 2 kB. Owned by one thread.
 */
public final class Latencies {
    private static final int CLASSES = 256;
    /** Below 8 · 2^7 ns, about a microsecond, everything is one class. */
    private static final int SHIFT = 7;

    private static final long[] NONE = {};

    private long[] counts = NONE;
    private int first;

    void add(long nanos) {
        add(classOf(nanos), 1);
    }

    private void add(int index, long more) {
        // It may make a new array.
        int at = place(index);
        counts[at] += more;
    }

    /** The class of a time. */
    static int classOf(long nanos) {
        long units = Math.max(8, nanos >> SHIFT);
        int octave = 63 - Long.numberOfLeadingZeros(units) - 3;
        int eighth = (int) (units >>> octave) & 7;
        return Math.min(CLASSES - 1, octave * 8 + eighth);
    }

    /** Where a class begins, in nanoseconds. */
    static long begins(int index) {
        return (8L + index % 8) << (index / 8) << SHIFT;
    }

    private int place(int index) {
        if (counts.length == 0) {
            counts = new long[4];
            first = Math.min(index, CLASSES - counts.length);
        } else if (index < first) {
            long[] wider = new long[counts.length + first - index];
            System.arraycopy(counts, 0, wider, first - index, counts.length);
            counts = wider;
            first = index;
        } else if (index >= first + counts.length) {
            int room = Math.min(CLASSES - first, Math.max(index - first + 1, counts.length + 8));
            counts = Arrays.copyOf(counts, room);
        }
        return index - first;
    }

    /** Adds what another has counted. */
    void add(Latencies other) {
        for (int i = 0; i < other.counts.length; i++) {
            if (other.counts[i] != 0) {
                add(other.first + i, other.counts[i]);
            }
        }
    }

    Latencies copy() {
        Latencies copy = new Latencies();
        copy.add(this);
        return copy;
    }

    /** How many there are. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** The time that this part (0 to 1) of them did not exceed, in nanoseconds; 0 when there is none. */
    public long percentile(double part) {
        double rank = part * count();
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0 && seen + counts[i] >= rank) {
                long from = begins(first + i);
                double within = Math.clamp((rank - seen) / counts[i], 0, 1);
                return from + Math.round(within * (begins(first + i + 1) - from));
            }
            seen += counts[i];
        }
        return 0;
    }

    /** Bytes that it takes, about. */
    int bytes() {
        return 40 + counts.length * Long.BYTES;
    }
}

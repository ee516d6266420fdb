package dev.pando.server.admin;

import java.util.Arrays;

/** The meters at one moment, or of a span of time. */
public final class Totals {
    public static final Totals NONE = new Totals(new long[Meter.values().length]);

    private final long[] counts;

    private Totals(long[] counts) {
        this.counts = counts;
    }

    /** {@code counts}: each at its {@link #place}; copied. */
    public static Totals of(long[] counts) {
        return new Totals(Arrays.copyOf(counts, Meter.values().length));
    }

    public long of(Meter meter) {
        return counts[place(meter)];
    }

    /** Counting is done for every message, so an array it is. */
    @SuppressWarnings("EnumOrdinal")
    public static int place(Meter meter) {
        return meter.ordinal();
    }

    public Totals plus(Totals other) {
        long[] sum = new long[counts.length];
        Arrays.setAll(sum, i -> counts[i] + other.counts[i]);
        return new Totals(sum);
    }

    /** What came since {@code earlier}. */
    public Totals since(Totals earlier) {
        long[] difference = new long[counts.length];
        Arrays.setAll(difference, i -> counts[i] - earlier.counts[i]);
        return new Totals(difference);
    }
}

package dev.pando.core.sight;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** A histogram as Prometheus has them: counts in fixed classes, and the sum. Owned by one thread. */
public final class Times {
    private static final long[] BOUNDS = {
        micros(100), micros(250), micros(500), micros(1_000), micros(2_500), micros(5_000),
        micros(10_000), micros(25_000), micros(50_000), micros(100_000), micros(250_000), micros(500_000),
        micros(1_000_000), micros(2_000_000), micros(5_000_000), micros(10_000_000), micros(30_000_000)
    };

    private final long[] counts = new long[BOUNDS.length + 1];
    private long sum;

    private static long micros(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** Upper bounds of the classes in nanoseconds, but for the last one, which has none. */
    public static List<Long> bounds() {
        return java.util.Arrays.stream(BOUNDS).boxed().toList();
    }

    void add(long nanos) {
        int at = 0;
        while (at < BOUNDS.length && nanos > BOUNDS[at]) {
            at++;
        }
        counts[at]++;
        sum += nanos;
    }

    void add(Times other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        sum += other.sum;
    }

    Times copy() {
        Times copy = new Times();
        copy.add(this);
        return copy;
    }

    /** How many were at most as long as the bound of this class, or of all for the last. */
    public long upTo(int index) {
        long found = 0;
        for (int i = 0; i <= index; i++) {
            found += counts[i];
        }
        return found;
    }

    public long count() {
        return upTo(BOUNDS.length);
    }

    /** Of all, in nanoseconds. */
    public long sum() {
        return sum;
    }
}

package dev.pando.rehearse.output;

import dev.pando.rehearse.watch.Timing;
import java.util.List;

/** How long requests took, from when they were due to their answer, in milliseconds. */
public record Latency(int requests, double p50, double p99, double longest) {
    public static Latency of(List<Timing> timings) {
        long[] sorted = timings.stream().mapToLong(Timing::latency).sorted().toArray();
        return new Latency(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(long[] sorted, double share) {
        if (sorted.length == 0) {
            return 0;
        }
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)] / 1e6;
    }
}

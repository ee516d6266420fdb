package dev.pando.rehearse.output;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a rehearsal went, for a picture. Times are milliseconds since requests counted.
 *
 * @param width of a slice
 * @param spans when the migration's statements ran, in their order
 */
public record Course(double width, List<Slice> slices, List<Span> spans) {
    public Course {
        slices = List.copyOf(slices);
        spans = List.copyOf(spans);
    }

    /**
     * A part of the time.
     *
     * @param latency of the requests that were due then, null without any
     * @param waiting the most sessions that waited at once because of each statement, by its number
     */
    public record Slice(@Nullable Latency latency, Map<Integer, Integer> waiting) {
        public Slice {
            waiting = Map.copyOf(waiting);
        }
    }

    /** When a statement ran. */
    public record Span(double from, double to) {}
}

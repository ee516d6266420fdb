package dev.pando.rehearse.watch;

/**
 * Failures of one kind.
 *
 * @param earliest when the first was answered, in nanoseconds since the traffic began
 */
public record FailureCount(Failure.Kind kind, Failure first, long earliest, long count) {
    public FailureCount plus(FailureCount other) {
        FailureCount earlier = earliest <= other.earliest ? this : other;
        return new FailureCount(kind, earlier.first, earlier.earliest, count + other.count);
    }
}

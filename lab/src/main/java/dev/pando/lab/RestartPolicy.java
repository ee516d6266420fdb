package dev.pando.lab;

import java.time.Duration;

/**
 * How long to wait before a dead server is started again: {@code first}, then twice as long each time up to {@code most}. A server
 * that ran for {@code stableAfter} starts from the beginning. After {@code recloneAfter} failures in a row a standby is copied anew.
 */
record RestartPolicy(Duration first, Duration most, Duration stableAfter, int recloneAfter) {
    static final RestartPolicy USUAL =
            new RestartPolicy(Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofSeconds(30), 4);

    private static final int MOST_DOUBLINGS = 20;

    /** The wait before attempt number {@code attempt}, counted from 1. */
    Duration delay(int attempt) {
        Duration grown = first.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        return grown.compareTo(most) > 0 ? most : grown;
    }

    /** The number of the next attempt after a server ended that had run for {@code ranFor}. */
    int nextAttempt(int lastAttempt, Duration ranFor) {
        return ranFor.compareTo(stableAfter) >= 0 ? 1 : lastAttempt + 1;
    }
}

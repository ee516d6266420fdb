package dev.pando.core.pool;

import dev.pando.base.error.PandoException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** After failures to connect: when to try again, and what to tell meanwhile. 50 ms, doubled after each failure up to the longest. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 20;

    private int failures;
    private long retryAt;
    private @Nullable PandoException last;

    void failed(PandoException reason, long now, Duration longest) {
        long pause = Math.min(FIRST.toNanos() << failures, longest.toNanos());
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
        retryAt = now + pause;
        last = reason;
    }

    /** A connection was made, or nothing that happened before counts. */
    void forget() {
        failures = 0;
        last = null;
    }

    /** Whether the last attempt failed. */
    boolean failing() {
        return failures > 0;
    }

    /** Whether it is too early for another attempt. */
    boolean holds(long now) {
        return failures > 0 && now - retryAt < 0;
    }

    @Nullable
    PandoException last() {
        return last;
    }
}

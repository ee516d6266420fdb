package dev.pando.core.pool;

import java.time.Duration;

/** When old connections are replaced: one after the other, spread over a lifetime. All at once would be a storm of logins. */
final class Turnover {
    private boolean begun;
    private long last;

    /** Whether the connection is to go now; then the next has to wait. {@code count}: of the connections there are. */
    boolean takes(Member<?> member, Duration lifetime, int count, long now) {
        long nanos = lifetime.toNanos();
        if (nanos == 0 || now - member.born < nanos || (begun && now - last < nanos / Math.max(1, count))) {
            return false;
        }
        begun = true;
        last = now;
        return true;
    }
}

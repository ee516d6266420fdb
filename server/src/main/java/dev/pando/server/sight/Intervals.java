package dev.pando.server.sight;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** When something was last told of, by its number; bounded. Used by several threads. */
final class Intervals {
    static final int MOST = 4_096;

    private final Map<Long, Long> told = new HashMap<>();

    /** Whether the last time is so long ago; if so, this is it. */
    synchronized boolean due(long number, long now, Duration interval) {
        Long last = told.get(number);
        if (last != null && now - last < interval.toNanos()) {
            return false;
        }
        if (told.size() >= MOST && last == null) {
            told.values().removeIf(time -> now - time >= interval.toNanos());
            if (told.size() >= MOST) {
                return false;
            }
        }
        told.put(number, now);
        return true;
    }
}

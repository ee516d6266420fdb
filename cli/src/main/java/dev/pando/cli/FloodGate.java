package dev.pando.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets the first lines of a kind through in each period and counts the rest, so that a thousand clients that fail alike do not fill a disk.
 * Pure: the time comes in. Guarded by the appender that asks.
 */
final class FloodGate {
    static final Duration PERIOD = Duration.ofSeconds(10);
    static final int LINES_PER_PERIOD = 10;
    private static final int MOST_KINDS = 1_000;
    private static final long LOOK_MILLIS = 1_000;

    private final Map<String, Kind> kinds = new LinkedHashMap<>(16, 0.75f, true);

    private long looked;

    private static final class Kind {
        private final long begun;
        private int seen;

        Kind(long begun) {
            this.begun = begun;
        }
    }

    /** Whether a line of that kind is written. */
    boolean opens(String kind, long millis) {
        Kind known = kinds.computeIfAbsent(kind, missing -> new Kind(millis));
        known.seen++;
        if (kinds.size() > MOST_KINDS) {
            kinds.remove(kinds.keySet().iterator().next());
        }
        return known.seen <= LINES_PER_PERIOD;
    }

    /** Kinds whose period is over and of which lines were left out, with how many; each is told once. To be asked before each line. */
    Map<String, Integer> due(long millis) {
        Map<String, Integer> due = new LinkedHashMap<>();
        if (millis - looked < LOOK_MILLIS && millis >= looked) {
            return due;
        }
        looked = millis;
        kinds.entrySet().removeIf(entry -> {
            Kind kind = entry.getValue();
            boolean over = millis - kind.begun >= PERIOD.toMillis();
            if (over && kind.seen > LINES_PER_PERIOD) {
                due.put(entry.getKey(), kind.seen - LINES_PER_PERIOD);
            }
            return over;
        });
        return due;
    }
}

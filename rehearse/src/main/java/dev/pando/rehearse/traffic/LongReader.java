package dev.pando.rehearse.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads some tables in one transaction that stays open for a while, and begins again at once: a report, a backup, a forgotten session. */
public final class LongReader implements Script {
    /** Between two transactions, so that one which took longer does not put off all that follow. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final List<Request> requests = new ArrayList<>();
    private final long period;
    private long turns;

    public LongReader(Set<String> tables, Duration length) {
        requests.add(new Request("BEGIN", List.of(), ""));
        tables.stream()
                .sorted()
                .forEach(table -> requests.add(new Request("SELECT FROM " + table + " LIMIT 1", List.of(), table)));
        requests.add(new Request(
                String.format(Locale.ROOT, "SELECT pg_sleep(%.3f)", length.toMillis() / 1e3), List.of(), ""));
        requests.add(new Request("COMMIT", List.of(), ""));
        this.period = period(length);
    }

    @Override
    public Turn next() {
        return new Turn(turns++ * period, requests, false);
    }

    private static long period(Duration length) {
        return length.plus(PAUSE).toNanos();
    }

    /** The first time from {@code now} on, in nanoseconds, when a transaction has just begun. */
    public static long justBegun(Duration length, long now) {
        long period = period(length);
        return Math.ceilDiv(now, period) * period + PAUSE.toNanos() / 2;
    }
}

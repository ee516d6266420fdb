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

    public LongReader(Set<String> tables, Duration length) {
        requests.add(new Request("BEGIN", List.of(), List.of()));
        tables.stream()
                .sorted()
                .forEach(table ->
                        requests.add(new Request("SELECT FROM " + table + " LIMIT 1", List.of(), List.of(table))));
        requests.add(new Request(
                String.format(Locale.ROOT, "SELECT pg_sleep(%.3f)", length.toMillis() / 1e3), List.of(), List.of()));
        requests.add(new Request("COMMIT", List.of(), List.of()));
        this.period = length.plus(PAUSE).toNanos();
    }

    @Override
    public Turns begin() {
        return new Turns() {
            private long turns;

            @Override
            public Turn next() {
                return new Turn(turns++ * period, requests, false);
            }
        };
    }

    /** Place of the request that lasts: when it runs the transaction has read all tables. */
    public int lasting() {
        return requests.size() - 2;
    }

    /** From one begin to the next. */
    public long period() {
        return period;
    }
}

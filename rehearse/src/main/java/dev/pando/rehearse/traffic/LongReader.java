package dev.pando.rehearse.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads some tables in one transaction that stays open for a while, and begins again at once: a report, a backup, a forgotten session. */
public final class LongReader implements Script {
    private final List<Request> requests = new ArrayList<>();
    private final long length;
    private long turns;

    public LongReader(Set<String> tables, Duration length) {
        tables.stream()
                .sorted()
                .forEach(table -> requests.add(new Request("SELECT FROM " + table + " LIMIT 1", List.of(), table)));
        requests.add(new Request(
                String.format(Locale.ROOT, "SELECT pg_sleep(%.3f)", length.toMillis() / 1e3), List.of(), ""));
        this.length = length.toNanos();
    }

    @Override
    public Turn next() {
        return new Turn(turns++ * length, requests, false);
    }
}

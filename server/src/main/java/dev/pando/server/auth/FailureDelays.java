package dev.pando.server.auth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long logins wait for their answer after wrong passwords of the same user from the same address. Used by all event loops.
 *
 * <p>What can go wrong: somebody guesses passwords. Were he locked out, so would be whoever shares his address or is the user he guesses
 * at. What we do: each failure doubles the wait before the next answer, right or wrong, up to a limit; a success ends it, and so does some
 * time without failures. Why it suffices: an answer that comes late is late for right guesses too, so hanging up early tells nothing; a
 * wait holds no thread, only a place among {@code listen.max_logins}, which bounds guesses made side by side; and who is pushed out of this list by others' failures loses a wait,
 * not a login.
 */
final class FailureDelays {
    private static final int MOST = 10_000;
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final Map<Pair, Failures> failed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Failures> eldest) {
            return size() > MOST;
        }
    };

    /** {@code network}: the address, or the part of it that one customer has. */
    record Pair(String network, String user) {}

    private record Failures(int count, long last) {}

    synchronized Duration delay(Pair pair, Duration most, long now) {
        Failures failures = failed.get(pair);
        if (failures == null || now - failures.last() > FORGOTTEN.toNanos()) {
            return Duration.ZERO;
        }
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures.count() - 1, 30));
        return doubled.compareTo(most) < 0 ? doubled : most;
    }

    synchronized void failed(Pair pair, long now) {
        failed.merge(
                pair,
                new Failures(1, now),
                (old, one) -> new Failures(now - old.last() > FORGOTTEN.toNanos() ? 1 : old.count() + 1, now));
    }

    synchronized void succeeded(Pair pair) {
        failed.remove(pair);
    }

    synchronized int size() {
        return failed.size();
    }
}

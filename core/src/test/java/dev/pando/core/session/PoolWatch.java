package dev.pando.core.session;

import dev.pando.core.pool.Pool;
import dev.pando.core.pool.PoolStatistics;
import java.util.TreeMap;

/** Counts for itself who waits for a pool and who has what of it, and holds the pool to that: first come first served, in time, exact. */
final class PoolWatch {
    /** Somebody waits from this number of the queue, since this microsecond. */
    record Ticket(long number, long since) {}

    private final String name;
    private final int size;
    private final long timeoutMicros;
    private final TreeMap<Long, Ticket> waiting = new TreeMap<>();
    private long numbers;
    private int leased;
    private int mostWaiting;
    private int largestOvertaking;
    private long longestWait;
    private long refusals;

    PoolWatch(String name, int size, long timeoutMicros) {
        this.name = name;
        this.size = size;
        this.timeoutMicros = timeoutMicros;
    }

    Ticket asks(long now) {
        Ticket ticket = new Ticket(numbers++, now);
        waiting.put(ticket.number(), ticket);
        mostWaiting = Math.max(mostWaiting, waiting.size());
        return ticket;
    }

    /** The connection counts as leased from here on. */
    void granted(Ticket ticket, long now) {
        answered(ticket, now);
        leased++;
        int overtaken = waiting.headMap(ticket.number()).size();
        largestOvertaking = Math.max(largestOvertaking, overtaken);
        if (overtaken > 0) {
            throw new World.Violation(name + " serves number " + ticket.number() + " before " + overtaken
                    + " who came earlier, the first of them number " + waiting.firstKey());
        }
    }

    void refused(Ticket ticket, long now) {
        answered(ticket, now);
        refusals++;
    }

    /** Its client does not want it any more; it may have been answered. */
    void cancelled(Ticket ticket) {
        waiting.remove(ticket.number());
    }

    private void answered(Ticket ticket, long now) {
        if (waiting.remove(ticket.number()) == null) {
            throw new World.Violation(name + " answers a request twice, or one that was taken back");
        }
        long waited = now - ticket.since();
        longestWait = Math.max(longestWait, waited);
        if (waited > timeoutMicros + 1) {
            throw new World.Violation(name + " let somebody wait for " + waited + " µs of " + timeoutMicros);
        }
    }

    void released() {
        leased--;
    }

    /** What the pool says of itself must be what was seen. */
    void audit(Pool<SimulatedLink> pool, long nanos) {
        PoolStatistics statistics = pool.statistics(nanos);
        int all = statistics.leased() + statistics.idle() + statistics.opening();
        if (statistics.leased() != leased || statistics.waiting() != waiting.size() || all > size) {
            throw new World.Violation(
                    name + " counts " + statistics + " but " + leased + " are leased and " + waiting.size() + " wait");
        }
    }

    int leased() {
        return leased;
    }

    @Override
    public String toString() {
        return name + ": " + numbers + " requests, " + refusals + " refused, at most " + mostWaiting
                + " waiting, longest wait " + longestWait + " µs, largest overtaking " + largestOvertaking;
    }
}

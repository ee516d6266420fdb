package dev.pando.core.pool;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Leases server connections of type {@code L} to sessions; owned by one event loop, so nothing here is synchronised.
 *
 * <p>Invariants: leased + idle + opening never exceeds the size; a connection is never idle while somebody waits; requests are served in
 * the order they came; every request ends in exactly one of granted, refused or cancelled. Time comes in as {@code now} (nanoseconds of
 * any monotonic clock), connections are opened and closed through {@link Port}.
 */
public final class Pool<L> {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

    /** 50, 100, 200, 400 ms. */
    private static final int LONGEST_BACKOFF = 4;

    /** What a pool can do to the world. */
    public interface Port<L> {
        /** Start to open a connection; answered later by {@link Pool#opened} or {@link Pool#openFailed}. */
        void open();

        void close(L link);
    }

    /** Who asks for a connection. */
    public interface Waiter<L> {
        void granted(L link);

        void refused(PandoException reason);
    }

    /** A request in the queue, to cancel it by. */
    public static final class Request<L> {
        private final Waiter<L> waiter;
        private final long since;

        private Request(Waiter<L> waiter, long since) {
            this.waiter = waiter;
            this.since = since;
        }
    }

    private record Idle<L>(L link, long since) {}

    private final String name;
    private final PoolSettings settings;
    private final Port<L> port;
    private final ArrayDeque<Request<L>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Idle<L>> idle = new ArrayDeque<>();
    private int leased;
    private int opening;
    private int failures;
    private long retryAt;

    /** The newest {@code now} heard of. */
    private long latest;

    private @Nullable PandoException lastFailure;
    private boolean closed;

    public Pool(String name, PoolSettings settings, Port<L> port) {
        this.name = name;
        this.settings = settings;
        this.port = port;
    }

    /** Asks for a connection. The waiter may be answered before this returns. */
    public Request<L> acquire(Waiter<L> waiter, long now) {
        latest = now;
        Request<L> request = new Request<>(waiter, now);
        Idle<L> free = waiting.isEmpty() ? idle.pollLast() : null;
        if (free != null) {
            leased++;
            waiter.granted(free.link());
        } else if (closed) {
            waiter.refused(new PandoException(PandoError.SHUTTING_DOWN));
        } else if (lastFailure != null && now - retryAt < 0 && leased + opening == 0) {
            waiter.refused(lastFailure);
        } else if (waiting.size() >= settings.maxWaiting()) {
            waiter.refused(queueFull());
        } else {
            waiting.addLast(request);
            openIfNeeded();
        }
        return request;
    }

    /** Takes a request back, if it is still waiting: its client is gone. */
    public void cancel(Request<L> request) {
        waiting.remove(request);
    }

    public void opened(L link, long now) {
        latest = now;
        opening--;
        failures = 0;
        lastFailure = null;
        if (closed) {
            port.close(link);
            return;
        }
        grantOrKeep(link, now);
        openIfNeeded();
    }

    /**
     * A connection could not be opened. When no other connection lives or is on its way, nobody can serve those who wait, and they hear the
     * reason at once instead of a time-out later. The next attempt waits a little, twice as long after each failure, and is one at a time;
     * who comes meanwhile and could only be served by it is told the same reason at once.
     */
    public void openFailed(PandoException reason) {
        opening--;
        failures = Math.min(failures + 1, LONGEST_BACKOFF);
        retryAt = latest + (FIRST_BACKOFF.toNanos() << (failures - 1));
        lastFailure = reason;
        if (leased + opening > 0) {
            return;
        }
        List<Request<L>> hopeless = new ArrayList<>(waiting);
        waiting.clear();
        hopeless.forEach(request -> request.waiter.refused(reason));
    }

    /** A lease ends. What is not {@code reusable} is closed and, if somebody waits, replaced. */
    public void release(L link, boolean reusable, long now) {
        latest = now;
        leased--;
        if (reusable && !closed) {
            grantOrKeep(link, now);
        } else {
            port.close(link);
            openIfNeeded();
        }
    }

    /** An idle connection was closed by its server. */
    public void lost(L link) {
        idle.removeIf(candidate -> Objects.equals(candidate.link(), link));
        openIfNeeded();
    }

    /** Refuses who waited too long and closes what was idle too long; call it a few times per second. */
    public void tick(long now) {
        latest = now;
        while (!waiting.isEmpty()
                && now - waiting.peekFirst().since >= settings.queueTimeout().toNanos()) {
            Request<L> late = waiting.removeFirst();
            late.waiter.refused(tooLate());
        }
        openIfNeeded();
        boolean forever = settings.idleTimeout().isZero();
        for (Iterator<Idle<L>> oldestFirst = idle.iterator(); !forever && oldestFirst.hasNext(); ) {
            Idle<L> candidate = oldestFirst.next();
            if (now - candidate.since() < settings.idleTimeout().toNanos()) {
                break;
            }
            oldestFirst.remove();
            port.close(candidate.link());
        }
    }

    /** Refuses who waits, closes what is idle; leases are closed as they come back. */
    public void close() {
        closed = true;
        List<Request<L>> abandoned = new ArrayList<>(waiting);
        waiting.clear();
        abandoned.forEach(request -> request.waiter.refused(new PandoException(PandoError.SHUTTING_DOWN)));
        idle.forEach(candidate -> port.close(candidate.link()));
        idle.clear();
    }

    public PoolStatistics statistics(long now) {
        Request<L> oldest = waiting.peekFirst();
        return new PoolStatistics(
                leased, idle.size(), opening, waiting.size(), settings.size(), oldest == null ? 0 : now - oldest.since);
    }

    private void grantOrKeep(L link, long now) {
        Request<L> next = waiting.pollFirst();
        if (next == null) {
            idle.addLast(new Idle<>(link, now));
        } else {
            leased++;
            next.waiter.granted(link);
        }
    }

    private void openIfNeeded() {
        while (!closed && opening < waiting.size() && leased + idle.size() + opening < settings.size()) {
            if (failures > 0 && (opening > 0 || latest - retryAt < 0)) {
                return;
            }
            opening++;
            port.open();
        }
    }

    /** Who waited for a server that cannot be reached hears that, not that the pool is small. */
    private PandoException tooLate() {
        PandoException unreachable = lastFailure;
        return unreachable != null && leased == 0
                ? unreachable
                : new PandoException(
                        PandoError.POOL_QUEUE_TIMEOUT,
                        name,
                        settings.queueTimeout(),
                        leased,
                        settings.size(),
                        waiting.size());
    }

    private PandoException queueFull() {
        return new PandoException(PandoError.POOL_QUEUE_TIMEOUT, name, "0 s", leased, settings.size(), waiting.size());
    }
}

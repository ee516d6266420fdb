package dev.pando.core.pool;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * Leases server connections of type {@code L} to sessions; owned by one event loop, so nothing here is synchronised.
 *
 * <p>Invariants: leased + idle + opening never exceeds the size; a connection is never idle while somebody waits; requests are served in
 * the order they came; every request ends in exactly one of granted, refused or cancelled. Time comes in as {@code now} (nanoseconds of
 * any monotonic clock), connections are opened and closed through {@link Port}.
 */
public final class Pool<L> {
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
    private boolean closed;

    public Pool(String name, PoolSettings settings, Port<L> port) {
        this.name = name;
        this.settings = settings;
        this.port = port;
    }

    /** Asks for a connection. The waiter may be answered before this returns. */
    public Request<L> acquire(Waiter<L> waiter, long now) {
        Request<L> request = new Request<>(waiter, now);
        Idle<L> free = waiting.isEmpty() ? idle.pollLast() : null;
        if (free != null) {
            leased++;
            waiter.granted(free.link());
        } else if (waiting.size() >= settings.maxWaiting() || closed) {
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
        opening--;
        if (closed) {
            port.close(link);
            return;
        }
        grantOrKeep(link, now);
    }

    /**
     * A connection could not be opened. When no other connection lives or is on its way, nobody can serve those who wait, and they hear the
     * reason at once instead of a time-out later.
     */
    public void openFailed(PandoException reason) {
        opening--;
        if (leased + opening > 0) {
            return;
        }
        List<Request<L>> hopeless = new ArrayList<>(waiting);
        waiting.clear();
        hopeless.forEach(request -> request.waiter.refused(reason));
    }

    /** A lease ends. What is not {@code reusable} is closed and, if somebody waits, replaced. */
    public void release(L link, boolean reusable, long now) {
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
        while (!waiting.isEmpty()
                && now - waiting.peekFirst().since >= settings.queueTimeout().toNanos()) {
            Request<L> late = waiting.removeFirst();
            late.waiter.refused(new PandoException(
                    PandoError.POOL_QUEUE_TIMEOUT,
                    name,
                    settings.queueTimeout(),
                    leased,
                    settings.size(),
                    waiting.size()));
        }
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
        abandoned.forEach(request -> request.waiter.refused(queueFull()));
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
            opening++;
            port.open();
        }
    }

    private PandoException queueFull() {
        return new PandoException(PandoError.POOL_QUEUE_TIMEOUT, name, "0 s", leased, settings.size(), waiting.size());
    }
}

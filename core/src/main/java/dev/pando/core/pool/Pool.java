package dev.pando.core.pool;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Leases server connections of type {@code L} to sessions; owned by one event loop, so nothing here is synchronised.
 *
 * <p>Invariants: leased + idle + opening never grows beyond the size; a connection is never idle while somebody waits; requests are served in
 * the order they came; every request ends in exactly one of granted, refused or cancelled. Time comes in as {@code now} (nanoseconds of
 * any monotonic clock), connections are opened and closed through {@link Port}.
 *
 * <p>While it is paused nothing is idle, and only sessions that are {@link Waiter#underway} are served: one that holds a connection of
 * another pool could otherwise neither go on nor end, and the pause would never be reached. The others wait without limit, as whoever
 * paused knows how long that will be; their time begins when it is over.
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

        /** Whether it holds connections of other pools already, in a transaction that a pause lets end. Asked once, with the request. */
        default boolean underway() {
            return false;
        }
    }

    /** A request in the queue, to cancel it by. */
    public static final class Request<L> {
        private final Waiter<L> waiter;
        private final long since;
        private final boolean underway;
        private long due;

        private Request(Waiter<L> waiter, long since, long due) {
            this.waiter = waiter;
            this.since = since;
            this.due = due;
            this.underway = waiter.underway();
        }
    }

    private record Idle<L>(L link, long since) {}

    private final String name;
    private PoolSettings settings;
    private final Port<L> port;
    private final ArrayDeque<Request<L>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Idle<L>> idle = new ArrayDeque<>();
    /** Leased connections, and whether they are older than the last {@link #reconnect}. */
    private final Map<L, Boolean> leased = new HashMap<>();

    private int opening;

    /** Of those, how many were on their way when {@link #reconnect} was called. */
    private int outdatedOpening;

    private int failures;
    private long retryAt;

    /** The newest {@code now} heard of. */
    private long latest;

    private @Nullable PandoException lastFailure;
    private boolean closed;
    private boolean paused;

    public Pool(String name, PoolSettings settings, Port<L> port) {
        this.name = name;
        this.settings = settings;
        this.port = port;
    }

    /** Other limits from now on. A smaller pool closes idle connections that are too many at once, the others when they come back. */
    public void reconfigure(PoolSettings next, long now) {
        latest = now;
        settings = next;
        while (!idle.isEmpty() && leased.size() + idle.size() + opening > next.size()) {
            port.close(idle.removeFirst().link());
        }
        openIfNeeded();
    }

    /** Asks for a connection. The waiter may be answered before this returns. */
    public Request<L> acquire(Waiter<L> waiter, long now) {
        latest = now;
        Request<L> request = new Request<>(waiter, now, due(now));
        Idle<L> free = waiting.isEmpty() ? idle.pollLast() : null;
        if (free != null) {
            leased.put(free.link(), false);
            waiter.granted(free.link());
        } else if (closed) {
            waiter.refused(new PandoException(PandoError.SHUTTING_DOWN));
        } else if (served(request) && lastFailure != null && now - retryAt < 0 && leased.size() + opening == 0) {
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
        if (outdatedOpening > 0) {
            outdatedOpening--;
            port.close(link);
        } else {
            grantOrKeep(link, now);
        }
        openIfNeeded();
    }

    /**
     * A connection could not be opened. When no other connection lives or is on its way, nobody can serve those who wait, and they hear the
     * reason at once instead of a time-out later. The next attempt waits a little, twice as long after each failure, and is one at a time;
     * who comes meanwhile and could only be served by it is told the same reason at once.
     */
    public void openFailed(PandoException reason) {
        opening--;
        outdatedOpening = Math.max(0, outdatedOpening - 1);
        failures = Math.min(failures + 1, LONGEST_BACKOFF);
        retryAt = latest + (FIRST_BACKOFF.toNanos() << (failures - 1));
        lastFailure = reason;
        if (leased.size() + opening > 0) {
            return;
        }
        List<Request<L>> hopeless = waiting.stream().filter(this::served).toList();
        waiting.removeAll(hopeless);
        hopeless.forEach(request -> request.waiter.refused(reason));
    }

    /** A lease ends. What is not {@code reusable} is closed and, if somebody waits, replaced. */
    public void release(L link, boolean reusable, long now) {
        latest = now;
        boolean outdated = Boolean.TRUE.equals(leased.remove(link));
        boolean surplus = leased.size() + idle.size() + opening >= settings.size();
        if (reusable && !outdated && !closed && !surplus) {
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
        for (Request<L> late : late(now)) {
            // A refusal may lead to others.
            if (waiting.remove(late)) {
                late.waiter.refused(tooLate());
            }
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

    private List<Request<L>> late(long now) {
        List<Request<L>> late = new ArrayList<>();
        for (Request<L> oldestFirst : waiting) {
            if (now - oldestFirst.due < 0) {
                break;
            }
            if (served(oldestFirst)) {
                late.add(oldestFirst);
            }
        }
        return late;
    }

    private long due(long since) {
        return since + settings.queueTimeout().toNanos();
    }

    /** From now on only sessions under way are served, and connections are closed when they come back. */
    public void pause() {
        paused = true;
        closeIdle();
    }

    public void resume(long now) {
        latest = now;
        if (paused) {
            paused = false;
            waiting.forEach(request -> request.due = due(now));
            // What failed before or during the pause is no news of the server there is now.
            failures = 0;
            lastFailure = null;
            openIfNeeded();
        }
    }

    public boolean paused() {
        return paused;
    }

    /** Whether no connection is left but such as wait to be paused, closed or granted to nobody: what a pause waits for. */
    public boolean drained() {
        return leased.isEmpty() && idle.isEmpty() && opening == 0;
    }

    /** No session that comes later gets a connection that exists now: idle ones are closed at once, the others when they come back. */
    public void reconnect() {
        closeIdle();
        leased.replaceAll((link, before) -> true);
        outdatedOpening = opening;
        openIfNeeded();
    }

    /** Connections from before the last {@link #reconnect} that are still there. */
    public int outdated() {
        return outdatedOpening
                + Math.toIntExact(
                        leased.values().stream().filter(outdated -> outdated).count());
    }

    private void closeIdle() {
        List<Idle<L>> all = new ArrayList<>(idle);
        idle.clear();
        all.forEach(candidate -> port.close(candidate.link()));
    }

    private boolean served(Request<L> request) {
        return !paused || request.underway;
    }

    /** Refuses who waits, closes what is idle; leases are closed as they come back. */
    public void close() {
        closed = true;
        List<Request<L>> abandoned = new ArrayList<>(waiting);
        waiting.clear();
        abandoned.forEach(request -> request.waiter.refused(new PandoException(PandoError.SHUTTING_DOWN)));
        closeIdle();
    }

    public PoolStatistics statistics(long now) {
        Request<L> oldest = waiting.peekFirst();
        return new PoolStatistics(
                leased.size(),
                idle.size(),
                opening,
                waiting.size(),
                settings.size(),
                oldest == null ? 0 : now - oldest.since);
    }

    private void grantOrKeep(L link, long now) {
        Request<L> next = nextServed();
        if (next != null) {
            leased.put(link, false);
            next.waiter.granted(link);
        } else if (paused) {
            port.close(link);
        } else {
            idle.addLast(new Idle<>(link, now));
        }
    }

    private @Nullable Request<L> nextServed() {
        if (!paused) {
            return waiting.pollFirst();
        }
        for (Iterator<Request<L>> oldestFirst = waiting.iterator(); oldestFirst.hasNext(); ) {
            Request<L> candidate = oldestFirst.next();
            if (candidate.underway) {
                oldestFirst.remove();
                return candidate;
            }
        }
        return null;
    }

    /** New connections are told from outdated ones by their order, so they begin when those have ended one way or the other. */
    private void openIfNeeded() {
        long wanted = paused ? waiting.stream().filter(this::served).count() : waiting.size();
        while (!closed
                && outdatedOpening == 0
                && opening < wanted
                && leased.size() + idle.size() + opening < settings.size()) {
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
        return unreachable != null && leased.isEmpty()
                ? unreachable
                : new PandoException(
                        PandoError.POOL_QUEUE_TIMEOUT,
                        name,
                        settings.queueTimeout(),
                        leased.size(),
                        settings.size(),
                        waiting.size());
    }

    private PandoException queueFull() {
        return new PandoException(
                PandoError.POOL_QUEUE_TIMEOUT, name, "0 s", leased.size(), settings.size(), waiting.size());
    }
}

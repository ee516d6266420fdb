package dev.pando.core.pool;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Leases server connections of type {@code L} to sessions; owned by one event loop, so nothing here is synchronised. What it shares with
 * pools of other loops is how many connections there may be: its {@link Allowance.Share}.
 *
 * <p>Invariants: every connection that is leased, idle, being tried or being opened has a permit of the share; a connection is never idle
 * while somebody waits for whom none is tried; requests are served in the order they came; every request ends in exactly one of granted, refused or cancelled.
 * Time comes in as {@code now} (nanoseconds of any monotonic clock), connections are opened, tried and closed through {@link Port}.
 *
 * <p>While it is paused nothing is idle, and only sessions that are {@link Waiter#underway} are served: one that holds a connection of
 * another pool could otherwise neither go on nor end, and the pause would never be reached. The others wait without limit, as whoever
 * paused knows how long that will be; their time begins when it is over.
 */
public final class Pool<L> {
    /** What a pool can do to the world. */
    public interface Port<L> {
        /** Start to open a connection; answered later by {@link Pool#opened} or {@link Pool#openFailed}. */
        void open();

        void close(L link);

        /** Start to find out whether the server still answers on a connection; the answer is {@link Pool#tried}. */
        void attempt(L link);

        /** Whether something has happened since the login that may have made it useless: then it is tried before anybody gets it. */
        default boolean doubtful(L link) {
            return false;
        }
    }

    private final String name;
    private final Allowance.Share share;
    private final Port<L> port;
    private final Requests<L> waiting = new Requests<>();
    private final Map<L, Member<L>> members = new HashMap<>();
    private final Turnover turnover = new Turnover();
    private final Rested<L> idle;

    private PoolSettings settings;
    private int clients;
    private int leased;
    private int trying;
    private int opening;

    /** Of those, how many were on their way when {@link #reconnect} was called. */
    private int outdatedOpening;

    private final Backoff backoff = new Backoff();
    /** The share has been asked for a permit and will tell. */
    private boolean wanting;

    /** The newest {@code now} heard of. */
    private long latest;

    private boolean closed;
    private boolean paused;

    public Pool(String name, PoolSettings settings, Allowance.Share share, Port<L> port) {
        this.name = name;
        this.settings = settings;
        this.share = share;
        this.idle = new Rested<>(share);
        this.port = port;
        share.listener(new Allowance.Listener() {
            @Override
            public void permitted() {
                permit();
            }

            @Override
            public void asked(boolean quiet) {
                giveUpIdle(quiet);
            }
        });
    }

    /** Other settings from now on. When the share has shrunk, idle connections that are too many are closed, the others when they come back. */
    public void reconfigure(PoolSettings next, long now) {
        latest = now;
        settings = next;
        Member<L> surplus = idle.oldest();
        while (surplus != null && share.owing() && share.handOver()) {
            idle.remove(surplus);
            members.remove(surplus.link);
            port.close(surplus.link);
            surplus = idle.oldest();
        }
        supply();
    }

    /** A client that may ask for connections has come; while there is one the minimum is kept. */
    public void clientCame(long now) {
        latest = now;
        clients++;
        keepMinimum();
    }

    public void clientLeft() {
        clients--;
    }

    /** Asks for a connection. The waiter may be answered before this returns. */
    public Request<L> acquire(Waiter<L> waiter, long now) {
        latest = now;
        Request<L> request = new Request<>(waiter, now);
        Member<L> free = waiting.isEmpty() ? next() : null;
        if (free != null && !stale(free)) {
            idle.remove(free);
            grant(free, request);
        } else if (closed) {
            waiter.refused(new PandoException(PandoError.SHUTTING_DOWN));
        } else if (served(request) && backoff.holds(now) && members.size() + opening == 0) {
            waiter.refused(Objects.requireNonNull(backoff.last()));
        } else if (waiting.size() >= settings.maxWaiting()) {
            waiter.refused(refusal("0 s"));
        } else {
            waiting.add(request);
            supply();
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
        backoff.forget();
        boolean outdated = outdatedOpening > 0;
        outdatedOpening -= outdated ? 1 : 0;
        if (closed || outdated) {
            port.close(link);
            share.giveBack();
        } else {
            Member<L> member = new Member<>(link, now);
            members.put(link, member);
            grantOrKeep(member);
        }
        supply();
    }

    /**
     * A connection could not be opened. When no other connection lives or is on its way, nobody can serve those who wait, and they hear the
     * reason at once instead of a time-out later. The next attempt waits a little, twice as long after each failure, and is one at a time;
     * who comes meanwhile and could only be served by it is told the same reason at once.
     */
    public void openFailed(PandoException reason) {
        opening--;
        outdatedOpening = Math.max(0, outdatedOpening - 1);
        backoff.failed(reason, latest, settings.upkeep().longestBackoff());
        share.giveBack();
        if (leased + trying + opening > 0) {
            return;
        }
        List<Request<L>> hopeless = waiting.all(this::served);
        hopeless.forEach(waiting::remove);
        hopeless.forEach(request -> request.waiter.refused(reason));
    }

    /** A lease ends. What is not {@code reusable} is closed and, if somebody waits, replaced. */
    public void release(L link, boolean reusable, long now) {
        latest = now;
        Member<L> member = Objects.requireNonNull(members.get(link));
        leased--;
        if (!reusable || member.outdated || closed || spent(member)) {
            close(member);
            supply();
        } else if (share.owing() && share.handOver()) {
            members.remove(link);
            port.close(link);
            supply();
        } else {
            grantOrKeep(member);
        }
    }

    /** An idle connection was closed by its server. */
    public void lost(L link) {
        Member<L> member = members.get(link);
        if (member == null) {
            return;
        }
        switch (member.state) {
            case IDLE -> idle.remove(member);
            case TRIED -> trying--;
            case LEASED -> {
                // its session gives it back
                return;
            }
        }
        members.remove(link);
        share.giveBack();
        supply();
    }

    /** Whether the server answered on a connection that was tried. What has rested as long as one that is dead is taken for dead, too. */
    public void tried(L link, boolean alive, long now) {
        latest = now;
        Member<L> member = members.get(link);
        if (member == null || member.state != Member.State.TRIED) {
            return;
        }
        trying--;
        if (alive && !member.outdated && !closed) {
            grantOrKeep(member);
            return;
        }
        close(member);
        if (!alive) {
            long rested = member.idleSince;
            closeIdle(candidate -> candidate.idleSince - rested <= 0);
        }
        supply();
    }

    /** Refuses who waited too long and closes what was idle or there for too long; call it a few times per second. */
    public void tick(long now) {
        latest = now;
        long limit = settings.queueTimeout().toNanos();
        for (Request<L> late : waiting.longerThan(limit, now)) {
            // A refusal may lead to others.
            if (served(late) && waiting.remove(late)) {
                late.waiter.refused(tooLate());
            }
        }
        notifyDelayed();
        boolean wanted = wanting;
        wanting = false;
        supply();
        if (wanted && !wanting) {
            share.content();
        }
        retireIdle();
        keepMinimum();
    }

    private void notifyDelayed() {
        Duration after = settings.noticeAfter();
        if (after.isZero() || waiting.isEmpty()) {
            return;
        }
        for (Request<L> late : waiting.longerThan(after.toNanos(), latest)) {
            if (!late.delayed) {
                late.delayed = true;
                late.waiter.delayed();
            }
        }
    }

    private void retireIdle() {
        PoolSettings.Upkeep upkeep = settings.upkeep();
        long longest = upkeep.idleTimeout().toNanos();
        closeIdle(candidate ->
                (longest > 0 && latest - candidate.idleSince >= longest && aboveMinimum()) || spent(candidate));
    }

    private boolean aboveMinimum() {
        return clients == 0 || members.size() + opening > settings.upkeep().minimum();
    }

    private boolean spent(Member<L> member) {
        return turnover.takes(member, settings.upkeep().lifetime(), members.size(), latest);
    }

    /** From now on only sessions under way are served, and connections are closed when they come back. */
    public void pause() {
        paused = true;
        closeIdle(candidate -> true);
    }

    public void resume(long now) {
        latest = now;
        if (paused) {
            paused = false;
            waiting.all(request -> true).forEach(request -> request.since = now);
            // What failed before or during the pause is no news of the server there is now.
            backoff.forget();
            supply();
        }
    }

    public boolean paused() {
        return paused;
    }

    /** Whether it has no connection and none on its way: what a pause waits for. */
    public boolean drained() {
        return members.isEmpty() && opening == 0;
    }

    /** Whether it has no connection and nobody waits for one. */
    public boolean unused() {
        return drained() && waiting.isEmpty();
    }

    /** No session that comes later gets a connection that exists now: idle ones are closed at once, the others when they come back. */
    public void reconnect() {
        closeIdle(candidate -> true);
        members.values().forEach(member -> member.outdated = true);
        outdatedOpening = opening;
        supply();
    }

    /** Connections from before the last {@link #reconnect} that are still there. */
    public int outdated() {
        return outdatedOpening
                + Math.toIntExact(members.values().stream()
                        .filter(member -> member.outdated)
                        .count());
    }

    private boolean served(Request<L> request) {
        return !paused || request.underway;
    }

    /** Refuses who waits, closes what is idle; leases are closed as they come back. */
    public void close() {
        closed = true;
        waiting.clear().forEach(request -> request.waiter.refused(new PandoException(PandoError.SHUTTING_DOWN)));
        closeIdle(candidate -> true);
    }

    public PoolStatistics statistics(long now) {
        Request<L> oldest = waiting.oldest();
        return new PoolStatistics(
                leased, idle.size(), trying, opening, waiting.size(), oldest == null ? 0 : now - oldest.since);
    }

    private void grant(Member<L> member, Request<L> request) {
        member.state = Member.State.LEASED;
        leased++;
        request.waiter.granted(member.link);
    }

    private void grantOrKeep(Member<L> member) {
        boolean doubtful = port.doubtful(member.link);
        Request<L> next = doubtful || waiting.isEmpty() ? null : waiting.next(this::served);
        if (next != null) {
            grant(member, next);
        } else if (doubtful && wanted() > 0) {
            idle.add(member, latest);
            supply();
        } else if (paused) {
            close(member);
        } else {
            idle.add(member, latest);
        }
    }

    private @Nullable Member<L> next() {
        return idle.next(settings.upkeep().roundRobin());
    }

    private boolean stale(Member<L> member) {
        return port.doubtful(member.link)
                || latest - member.idleSince >= settings.upkeep().checkDelay().toNanos();
    }

    private void close(Member<L> member) {
        members.remove(member.link);
        port.close(member.link);
        share.giveBack();
    }

    private void closeIdle(Predicate<Member<L>> which) {
        for (Member<L> candidate : idle.all()) {
            if (which.test(candidate)) {
                idle.remove(candidate);
                close(candidate);
            }
        }
    }

    /** Somebody else waits for what rests here. */
    private void giveUpIdle(boolean quiet) {
        Member<L> longest = idle.oldest();
        if (longest != null && (!quiet || latest - longest.idleSince >= Allowance.QUIET_NANOS)) {
            idle.remove(longest);
            close(longest);
        }
    }

    /**
     * For everybody who waits a connection is to be on its way: an idle one that is tried, or one that is being opened. New connections are
     * told from outdated ones by their order, so they begin when those have ended one way or the other.
     */
    private void supply() {
        Request<L> oldest = waiting.oldest();
        long wanted = wanted();
        if (closed || oldest == null) {
            return;
        }
        for (Member<L> rested = next(); rested != null && trying < wanted; rested = next()) {
            idle.remove(rested);
            rested.state = Member.State.TRIED;
            trying++;
            port.attempt(rested.link);
        }
        while (opening + trying < wanted && open(oldest.since)) {
            wanted = wanted();
        }
    }

    private boolean open(long since) {
        if (wanting || !mayOpen()) {
            return false;
        }
        boolean reserve = latest - since >= settings.reserveAfter().toNanos();
        if (!share.take(since, reserve, latest)) {
            wanting = true;
            return false;
        }
        opening++;
        port.open();
        return true;
    }

    private boolean mayOpen() {
        boolean later = backoff.holds(latest) || (backoff.failing() && opening > 0);
        return !closed && outdatedOpening == 0 && !later;
    }

    private long wanted() {
        return paused ? waiting.count(this::served) : waiting.size();
    }

    /** A permit has come from elsewhere. */
    private void permit() {
        wanting = false;
        if (!mayOpen() || opening + trying >= wanted()) {
            share.giveBack();
        } else {
            opening++;
            port.open();
            supply();
        }
    }

    /** One at a time; the next call sees to the next. */
    private void keepMinimum() {
        boolean below = clients > 0 && members.size() < settings.upkeep().minimum();
        if (below && opening == 0 && !paused && mayOpen() && share.takeIfFree()) {
            opening++;
            port.open();
        }
    }

    /** Who waited for a server that cannot be reached hears that, not that the pool is small. */
    private PandoException tooLate() {
        PandoException unreachable = backoff.last();
        return unreachable != null && leased == 0 ? unreachable : refusal(settings.queueTimeout());
    }

    private PandoException refusal(Object waited) {
        Allowance.Level level = share.level();
        return new PandoException(
                PandoError.POOL_QUEUE_TIMEOUT,
                name,
                waited,
                level.taken(),
                level.limit(),
                level.name(),
                waiting.size());
    }
}

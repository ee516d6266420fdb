package dev.pando.core.pool;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many server connections pools may have together. Shared by all event loops and guarded by its own lock, which is only taken when a
 * connection is opened or closed, never for a lease.
 *
 * <p>Pools belong to one event loop each, limits to a server: the size of a user's pool, the connections of a user, those of a database. A
 * limit that were divided among loops beforehand would leave one loop waiting beside another's unused part, and a limit below the number
 * of loops could not be divided at all. So a connection takes a permit of every bound its pool is in, for as long as it is there. What
 * then has to be prevented is that one loop keeps them all:
 *
 * <ul>
 *   <li>Who finds no room is noted with the time since when it waits. A permit that comes back goes to one that has no connection at all,
 *       else to who has waited longest, and nobody who comes later can take it first.
 *   <li>A pool without any connection is helped at once: an idle connection of another is closed for it, or the next one that comes back to
 *       a pool that has more than one. When none has more, one changes hands after {@link #TURN_NANOS}, so that as many pools as there are
 *       take turns.
 *   <li>Between pools that have connections already, one that has at least two more than the other gives up the next that comes back, until
 *       they are level; and what has been idle for {@link #QUIET_NANOS} is closed for who waits. Less would make connections travel to and
 *       fro, each time at the price of a new login.
 * </ul>
 */
public final class Allowance {
    static final long TURN_NANOS = 50_000_000;
    static final long QUIET_NANOS = 1_000_000_000;

    /** A number of connections that the pools within it must not exceed together. */
    public static final class Bound {
        private final String name;
        private final List<Share> within = new ArrayList<>();
        private int limit;
        private int reserve;
        private int taken;

        /** {@code name}: of the setting that makes it, for messages. */
        public Bound(String name, int limit, int reserve) {
            this.name = name;
            this.limit = limit;
            this.reserve = reserve;
        }

        private boolean exceeded() {
            return taken > limit + reserve;
        }

        private boolean room(boolean withReserve) {
            return taken < limit + (withReserve ? reserve : 0);
        }
    }

    /** What a pool hears of its share, on its own thread. */
    interface Listener {
        /** A permit that was waited for has come, and counts as taken. */
        void permitted();

        /** Somebody waits: if there is an idle connection, it is to be closed; {@code quiet}: only one that has long been idle. */
        void asked(boolean quiet);
    }

    /** How full a bound is. */
    public record Level(String name, int taken, int limit) {}

    /** One pool's part in its bounds; the pool calls it on its own thread. */
    public final class Share {
        private final List<Bound> bounds;
        private final Executor thread;
        private final AtomicInteger idle = new AtomicInteger();
        private @Nullable Listener listener;
        private int held;
        private boolean wanting;
        private boolean reserve;
        private long since;
        private long asked;
        /** The last connection has gone since it was asked for one. */
        private boolean impoverished;
        /** Who gets the next connection that comes back. */
        private volatile @Nullable Share creditor;
        /** A bound has become smaller than what is taken. */
        private volatile boolean surplus;

        private Share(List<Bound> bounds, Executor thread) {
            this.bounds = bounds;
            this.thread = thread;
        }

        void listener(Listener pool) {
            listener = pool;
        }

        /**
         * Takes a permit for one more connection. When there is no room the share is noted as waiting, and hears of a permit later; calling
         * again, a few times per second, keeps others reminded.
         *
         * @param oldest since when the pool's longest waiting request waits
         */
        boolean take(long oldest, boolean withReserve, long now) {
            synchronized (Allowance.this) {
                if (fits(this, withReserve) && nobodyBefore(this, oldest)) {
                    wanting = false;
                    grant(this);
                    return true;
                }
                asked = wanting && !impoverished ? asked : now;
                impoverished = false;
                wanting = true;
                reserve = withReserve;
                since = oldest;
                remind(this, now);
                return false;
            }
        }

        /** Takes a permit if there is one that nobody waits for. */
        boolean takeIfFree() {
            synchronized (Allowance.this) {
                boolean free = fits(this, false) && waitingBeside(this).isEmpty();
                if (free) {
                    grant(this);
                }
                return free;
            }
        }

        /** Nobody waits for a permit any more. */
        void content() {
            synchronized (Allowance.this) {
                wanting = false;
                passOn(bounds);
            }
        }

        /** A connection is gone. */
        void giveBack() {
            synchronized (Allowance.this) {
                drop();
                passOn(bounds);
            }
        }

        private void drop() {
            held--;
            impoverished |= held == 0;
            bounds.forEach(bound -> bound.taken--);
        }

        /** Whether the next connection that comes back is to be given up; {@link #handOver} decides. */
        boolean owing() {
            return creditor != null || surplus;
        }

        /** Passes a connection's permit on to who was promised it. False when nobody needs it any more; else the connection is to be closed. */
        boolean handOver() {
            synchronized (Allowance.this) {
                Share to = creditor;
                creditor = null;
                surplus = bounds.stream().anyMatch(Bound::exceeded);
                if (!surplus && (to == null || !to.wanting)) {
                    return false;
                }
                drop();
                surplus = bounds.stream().anyMatch(Bound::exceeded);
                if (to != null && to.wanting && fits(to, to.reserve)) {
                    serve(to);
                } else {
                    passOn(bounds);
                }
                return true;
            }
        }

        /** How many connections of the pool are idle. */
        void idle(int count) {
            idle.lazySet(count);
        }

        /** Of the bound that leaves no room, or else the pool's own. */
        Level level() {
            synchronized (Allowance.this) {
                Bound tight = bounds.stream()
                        .filter(bound -> !bound.room(false))
                        .findFirst()
                        .orElse(bounds.getFirst());
                return new Level(tight.name, tight.taken, tight.limit);
            }
        }

        /** Connections the pool may have, with those of its likes on other loops. */
        int size() {
            synchronized (Allowance.this) {
                return bounds.getFirst().limit;
            }
        }

        /** The pool is no more. */
        public void leave() {
            synchronized (Allowance.this) {
                wanting = false;
                bounds.forEach(bound -> bound.within.remove(this));
            }
        }
    }

    /** A share for a pool that lives on {@code thread}. The first bound is the pool's own, whose reserve counts. */
    public Share share(List<Bound> bounds, Executor thread) {
        synchronized (this) {
            Share share = new Share(List.copyOf(bounds), thread);
            bounds.forEach(bound -> bound.within.add(share));
            return share;
        }
    }

    /** Changes a bound; what is above it ends as connections come back. */
    public void limit(Bound bound, int limit, int reserve) {
        synchronized (this) {
            bound.limit = limit;
            bound.reserve = reserve;
            if (bound.exceeded()) {
                bound.within.forEach(share -> share.surplus = true);
            }
            passOn(List.of(bound));
        }
    }

    /** Whether no pool is within the bound any more. */
    public synchronized boolean unused(Bound bound) {
        return bound.within.isEmpty() && bound.taken == 0;
    }

    private static boolean fits(Share share, boolean withReserve) {
        Bound own = share.bounds.getFirst();
        return share.bounds.stream().allMatch(bound -> bound.room(withReserve && bound == own));
    }

    private static void grant(Share share) {
        share.held++;
        share.bounds.forEach(bound -> bound.taken++);
    }

    /** Whether no other share that waits longer could use the permit. */
    private boolean nobodyBefore(Share share, long oldest) {
        return waitingBeside(share).stream().noneMatch(other -> other.since - oldest < 0 && fits(other, other.reserve));
    }

    private static List<Share> waitingBeside(Share share) {
        Set<Share> beside = new LinkedHashSet<>();
        share.bounds.forEach(
                bound -> bound.within.stream().filter(other -> other.wanting).forEach(beside::add));
        beside.remove(share);
        return List.copyOf(beside);
    }

    private static void serve(Share share) {
        share.wanting = false;
        grant(share);
        tell(share, Listener::permitted);
    }

    /** Whose turn is before the other's: who has nothing, then who has waited longer. */
    private static boolean before(Share one, Share other) {
        boolean destitute = one.held == 0;
        return destitute == (other.held == 0) ? one.since - other.since < 0 : destitute;
    }

    /** Room has come up: it goes to the next of those for whom it is enough. */
    private static void passOn(List<Bound> bounds) {
        Share next;
        do {
            next = null;
            for (Bound bound : bounds) {
                for (Share share : bound.within) {
                    if (share.wanting && fits(share, share.reserve) && (next == null || before(share, next))) {
                        next = share;
                    }
                }
            }
            if (next != null) {
                serve(next);
            }
        } while (next != null);
    }

    private static void tell(Share share, Consumer<Listener> what) {
        Listener listener = share.listener;
        if (listener != null) {
            share.thread.execute(() -> what.accept(listener));
        }
    }

    /** Finds who is to give up a connection for the one that waits. */
    private static void remind(Share waits, long now) {
        Bound full = waits.bounds.stream()
                .filter(bound -> !bound.room(waits.reserve && bound == waits.bounds.getFirst()))
                .findFirst()
                .orElse(null);
        if (full == null) {
            return;
        }
        Share most = null;
        Share idlest = null;
        for (Share other : full.within) {
            if (other != waits && other.held > 0 && other.creditor == null) {
                most = most == null || other.held > most.held ? other : most;
                idlest = idlest == null || other.idle.get() > idlest.idle.get() ? other : idlest;
            }
        }
        if (most == null || idlest == null) {
            return;
        }
        boolean destitute = waits.held == 0;
        if (idlest.idle.get() > 0) {
            tell(idlest, listener -> listener.asked(!destitute));
        }
        boolean turn = destitute && now - waits.asked >= TURN_NANOS;
        boolean uneven = most.held > waits.held + 1;
        if (uneven || turn) {
            most.creditor = waits;
        }
    }
}

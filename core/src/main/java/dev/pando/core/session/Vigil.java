package dev.pando.core.session;

import dev.pando.core.session.Pulse.Phase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Watches how long one client takes; owned by its event loop, which calls {@link #look} a few times per second.
 *
 * <p>A timer that is set and cancelled with each message would cost the data path an allocation or two per query. Instead the session
 * counts, and what has not changed between two looks has lasted since the first of them. So a time begins late by one look at most and
 * nothing ends too early; nothing is done per message but counting.
 */
public final class Vigil {
    /** What is to happen. */
    public enum Verdict {
        NOTHING,
        CLIENT_IDLE,
        IDLE_TRANSACTION,
        TRANSACTION,
        /** It is to be cancelled; {@link #QUERY} follows if that does not help. */
        CANCEL_QUERY,
        QUERY
    }

    private @Nullable Phase phase;
    private long mark;
    private long since;
    private long rests = -1;
    private long transactionSince;
    private boolean cancelled;

    /** {@code queued}: a server connection is waited for, which has a limit of its own and is not the query's time. */
    public Verdict look(Pulse pulse, boolean queued, Deadlines limits, long now) {
        Phase current = pulse.phase();
        // COPY data is no answer, but Parse in an open transaction is a sign of life.
        long marked = current == Phase.RUNNING ? pulse.answers() : pulse.messages();
        if (current != phase || marked != mark) {
            phase = current;
            mark = marked;
            since = now;
            cancelled = false;
        } else if (queued && !cancelled) {
            since = now;
        }
        if (current == Phase.IDLE || pulse.rests() != rests) {
            rests = pulse.rests();
            transactionSince = now;
        }
        if (current != Phase.IDLE && over(limits.transaction(), transactionSince, now)) {
            return Verdict.TRANSACTION;
        }
        return switch (current) {
            case IDLE -> over(limits.clientIdle(), since, now) ? Verdict.CLIENT_IDLE : Verdict.NOTHING;
            case OPEN -> over(limits.idleTransaction(), since, now) ? Verdict.IDLE_TRANSACTION : Verdict.NOTHING;
            case RUNNING -> running(limits, now);
        };
    }

    private Verdict running(Deadlines limits, long now) {
        if (cancelled) {
            return over(limits.cancelWait(), since, now) ? Verdict.QUERY : Verdict.NOTHING;
        }
        if (!over(limits.query(), since, now)) {
            return Verdict.NOTHING;
        }
        cancelled = true;
        since = now;
        return Verdict.CANCEL_QUERY;
    }

    private static boolean over(Duration limit, long since, long now) {
        return !limit.isZero() && now - since >= limit.toNanos();
    }
}

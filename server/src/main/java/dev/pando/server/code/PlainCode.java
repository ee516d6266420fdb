package dev.pando.server.code;

import dev.pando.core.topology.Catalog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the code of a database that is pooled as it is. Until it has been read, and after DDL until it has been read again, any
 * statement may leave anything, and its session looks at the connection afterwards. What changes past Pando is noticed by a fingerprint,
 * asked for while there are clients. Used by all event loops; {@code now} is that of {@link System#nanoTime}.
 */
public final class PlainCode {
    /** How long something that was changed past Pando goes unnoticed, while clients are at work. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(60);
    private static final Duration AFTER_DELAY = Duration.ofSeconds(1);
    private static final int OFTEN = 30;
    /** Readings take at most about this part of the time. */
    private static final int PART = 10;

    private final JudgedCatalogs catalogs;
    /** Written before the epoch and read after it: a plan of an older catalog never counts for a newer epoch. */
    private volatile Catalog catalog;

    private volatile long epoch;
    private volatile boolean reading;
    private volatile long due;
    private long notBefore;
    private long begun;
    private int postponed;
    private int forbidden;
    private boolean complained;
    private @Nullable String fingerprint;

    public PlainCode(JudgedCatalogs catalogs, long now) {
        this.catalogs = catalogs;
        this.catalog = catalogs.unread();
        this.due = now;
        this.notBefore = now;
    }

    public Catalog catalog() {
        return catalog;
    }

    /** Changes when a statement may have got another meaning. */
    public long epoch() {
        return epoch;
    }

    /** A client's statement has changed the schema. */
    public synchronized void changed() {
        fingerprint = null;
        due = notBefore;
        catalog = catalogs.unread();
        epoch++;
    }

    public boolean due(long now) {
        return !reading && now - due >= 0;
    }

    /** A reading to be carried out, which ends with one of the methods below; null when none is due any more. */
    public synchronized @Nullable PlainReading begin(long now) {
        if (!due(now) || !catalogs.admits()) {
            return null;
        }
        reading = true;
        begun = now;
        return new PlainReading(catalogs.bounds(), fingerprint, epoch);
    }

    /** All has been answered: judges it, on whatever thread this is, and has it count. */
    public void read(PlainReading done, long now) {
        Catalog judged = done.complete() ? catalogs.of(done.judged()) : null;
        synchronized (this) {
            over();
            postponed = 0;
            forbidden = 0;
            complained = false;
            notBefore = now + (now - begun) * PART;
            if (done.epoch() != epoch) {
                due = notBefore;
                return;
            }
            due = now + INTERVAL.toNanos();
            fingerprint = done.fingerprint();
            if (judged != null && judged.epoch() != catalog.epoch()) {
                catalog = judged;
                epoch++;
            }
        }
    }

    /** There was no connection to read it on, or it was lost. Returns whether this has happened so often that somebody should know. */
    public synchronized boolean postponed(long now) {
        over();
        postponed++;
        notBefore = now + AFTER_DELAY.toNanos();
        due = notBefore;
        return postponed == OFTEN;
    }

    /** It came to nothing: nobody knows what the code is. Returns whether this is news. */
    public synchronized boolean refused(long now) {
        over();
        notBefore = now + AFTER_FAILURE.toNanos();
        due = notBefore;
        fingerprint = null;
        boolean news = !complained || known();
        complained = true;
        if (known()) {
            catalog = catalogs.unread();
            epoch++;
        }
        return news;
    }

    /**
     * Whose connection it was has no right to read the catalogs, or the server has others than PostgreSQL 14 and later. Another user's may
     * do: what is known stays known for a while, and the next one is tried soon. Returns whether it is news that nothing is known.
     */
    public synchronized boolean forbidden(long now) {
        forbidden++;
        if (forbidden > OFTEN) {
            return refused(now);
        }
        over();
        notBefore = now + AFTER_DELAY.toNanos();
        due = notBefore;
        boolean news = !complained && !known();
        complained |= news;
        return news;
    }

    private boolean known() {
        return catalog.epoch() != catalogs.unread().epoch();
    }

    private void over() {
        reading = false;
        catalogs.ended();
    }
}

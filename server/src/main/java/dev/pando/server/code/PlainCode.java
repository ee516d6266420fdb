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
    /** Readings take at most about this part of the time. */
    private static final int PART = 10;

    private final JudgedCatalogs catalogs;
    private volatile Catalog catalog;
    private volatile long epoch;
    private volatile boolean reading;
    private volatile long due;
    private long notBefore;
    private long begun;
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
        epoch++;
        fingerprint = null;
        due = notBefore;
        if (catalog.epoch() != catalogs.unreadable().epoch()) {
            catalog = catalogs.unread();
        }
    }

    public boolean due(long now) {
        return !reading && now - due >= 0;
    }

    /** A reading to be carried out, which ends with one of the methods below; null when none is due any more. */
    public synchronized @Nullable PlainReading begin(long now) {
        if (!due(now)) {
            return null;
        }
        reading = true;
        begun = now;
        return new PlainReading(fingerprint, epoch);
    }

    /** All has been answered: judges it, on whatever thread this is, and has it count. */
    public void read(PlainReading done, long now) {
        Catalog judged = done.anew() ? catalogs.of(done.judged()) : null;
        synchronized (this) {
            reading = false;
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

    /** There was no connection to read it on, or it was lost. */
    public synchronized void postponed(long now) {
        reading = false;
        notBefore = now + AFTER_DELAY.toNanos();
        due = notBefore;
    }

    /** The server refuses: its code stays unknown until a later attempt. Returns whether this is news. */
    public synchronized boolean refused(long now) {
        reading = false;
        notBefore = now + AFTER_FAILURE.toNanos();
        due = notBefore;
        fingerprint = null;
        if (catalog.epoch() == catalogs.unreadable().epoch()) {
            return false;
        }
        catalog = catalogs.unreadable();
        epoch++;
        return true;
    }
}

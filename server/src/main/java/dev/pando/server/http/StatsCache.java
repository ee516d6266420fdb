package dev.pando.server.http;

import dev.pando.server.admin.AdminView;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One set of questions to the servers however many pages are open: an answer is good for a second, and who comes while one is being made
 * waits for it, {@link #MOST_WAITING} of them at most, so that slow servers do not take every place of {@link HttpHandling} from the other
 * paths. Owns its lock and calls out while it holds it, so nothing else may lock around it.
 */
final class StatsCache {
    static final Duration GOOD_FOR = Duration.ofSeconds(1);
    static final int MOST_WAITING = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore places = new Semaphore(MOST_WAITING + 1);
    private final AdminView view;
    private final boolean exact;
    private final LongSupplier nanos;
    private @Nullable StatsReport last;
    private long madeAt;

    StatsCache(AdminView view, boolean exact, LongSupplier nanos) {
        this.view = view;
        this.exact = exact;
        this.nanos = nanos;
    }

    /** Null when too many wait already. */
    @Nullable
    StatsReport report() {
        if (!places.tryAcquire()) {
            return null;
        }
        lock.lock();
        try {
            StatsReport report = last;
            if (report == null || nanos.getAsLong() - madeAt >= GOOD_FOR.toNanos()) {
                report = StatsReport.of(view, exact);
                last = report;
                madeAt = nanos.getAsLong();
            }
            return report;
        } finally {
            lock.unlock();
            places.release();
        }
    }
}

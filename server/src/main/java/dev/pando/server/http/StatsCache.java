package dev.pando.server.http;

import dev.pando.server.admin.AdminView;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One set of questions to the servers however many pages are open: an answer is good for a second, and who comes while one is being made
 * waits for it. Owns its lock and calls out while it holds it, so nothing else may lock around it.
 */
final class StatsCache {
    static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final AdminView view;
    private final LongSupplier nanos;
    private @Nullable StatsReport last;
    private long madeAt;

    StatsCache(AdminView view, LongSupplier nanos) {
        this.view = view;
        this.nanos = nanos;
    }

    StatsReport report() {
        lock.lock();
        try {
            StatsReport report = last;
            if (report == null || nanos.getAsLong() - madeAt >= GOOD_FOR.toNanos()) {
                report = StatsReport.of(view);
                last = report;
                madeAt = nanos.getAsLong();
            }
            return report;
        } finally {
            lock.unlock();
        }
    }
}

package dev.pando.server.control;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the thread that runs {@link Recovery}: every poll interval, and at once when nudged. */
final class RecoveryLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryLoop.class);

    private final Recovery recovery;
    private final Duration poll;
    private final Semaphore nudges = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("pando-recovery").unstarted(this::run);
    private volatile boolean closed;

    RecoveryLoop(Recovery recovery, TwoPhase coordinator, Duration poll) {
        this.recovery = recovery;
        this.poll = poll;
        coordinator.onNudge(nudges::release);
    }

    void start() {
        thread.start();
    }

    void runOnce() {
        Recovery.Report report = recovery.run();
        if (report.committed() + report.rolledBack() > 0) {
            LOG.info("prepared transactions: {}", report);
        }
    }

    private void run() {
        while (!closed) {
            try {
                if (nudges.tryAcquire(poll.toMillis(), TimeUnit.MILLISECONDS)) {
                    nudges.drainPermits();
                }
                if (!closed) {
                    runOnce();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("recovery of prepared transactions failed and goes on", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        nudges.release();
        try {
            if (thread.getState() != Thread.State.NEW) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

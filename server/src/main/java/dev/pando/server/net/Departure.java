package dev.pando.server.net;

import dev.pando.server.admin.Shutdown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end of an endpoint: it stops listening, waits as patiently as it was told, and completes {@link #over} when nothing is left
 * to wait for. May be begun again, from any thread, in a less patient way. Owns one virtual thread while it lasts.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Endpoint endpoint;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Semaphore nudges = new Semaphore(0);
    private @Nullable Shutdown mode;
    private volatile boolean hangingUp;

    Departure(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Returns at once. */
    synchronized void begin(Shutdown wanted) {
        boolean first = mode == null;
        if (first || wanted.compareTo(mode) > 0) {
            LOG.info("shutting down: {}", wanted);
            mode = wanted;
        }
        if (first) {
            Thread.ofVirtual().name("pando-departure").start(this::run);
        } else {
            nudges.release();
        }
    }

    /** Whether clients are to leave when they are between transactions. */
    boolean hangingUp() {
        return hangingUp;
    }

    CompletableFuture<Void> over() {
        return over;
    }

    /** Whether it has begun. */
    synchronized boolean begun() {
        return mode != null;
    }

    private synchronized boolean atLeast(Shutdown wanted) {
        return mode != null && mode.compareTo(wanted) >= 0;
    }

    private void run() {
        try {
            endpoint.stopListening();
            var limits = endpoint.config().listen().restart();
            await(limits.clientTimeout(), Shutdown.WAIT_FOR_SERVERS);
            hangingUp = true;
            await(limits.transactionTimeout(), Shutdown.NOW);
        } catch (InterruptedException e) {
            LOG.debug("nothing interrupts this thread", e);
        } finally {
            over.complete(null);
        }
    }

    /** Until nobody is left, the time is over, or less patience is asked for. */
    private void await(Duration limit, Shutdown lessPatient) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!atLeast(lessPatient) && System.nanoTime() - deadline < 0) {
            if (hangingUp) {
                endpoint.hangUpOnIdle();
            }
            if (endpoint.sessions() == 0) {
                return;
            }
            if (nudges.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                nudges.drainPermits();
            }
        }
    }
}

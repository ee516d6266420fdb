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
 * to wait for. May be begun again, from any thread, in a less patient way. One that only makes room for the next process lasts a while
 * even without clients, and can be called off. Owns one virtual thread while it lasts.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Endpoint endpoint;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Semaphore nudges = new Semaphore(0);
    private @Nullable Shutdown mode;
    /** Whether nobody has asked for an end but the next process. */
    private boolean replaced;
    /** Grows when one is called off: its thread then has nothing more to say. */
    private int round;

    private volatile boolean hangingUp;

    Departure(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Another process serves here now. Returns at once. */
    synchronized void makeRoom() {
        if (mode == null) {
            replaced = true;
            begin(Shutdown.WAIT_FOR_CLIENTS, true);
        }
    }

    /** The next process is gone: there is no end. False when somebody wants one, or it is there already. */
    synchronized boolean callOff() {
        if (!replaced || over.isDone()) {
            return false;
        }
        round++;
        mode = null;
        replaced = false;
        hangingUp = false;
        nudges.release();
        return true;
    }

    /** The next process will not be missed: it ends because it was told to. */
    synchronized void settle() {
        replaced = false;
    }

    /** Returns at once. */
    synchronized void begin(Shutdown wanted) {
        replaced = false;
        begin(wanted, mode == null);
    }

    private synchronized void begin(Shutdown wanted, boolean first) {
        if (first || wanted.compareTo(mode) > 0) {
            LOG.info("shutting down: {}", wanted);
            mode = wanted;
        }
        if (first) {
            int mine = round;
            Thread.ofVirtual().name("pando-departure").start(() -> run(mine));
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

    private synchronized boolean wasCalledOff(int mine) {
        return mine != round;
    }

    private synchronized boolean replaced() {
        return replaced;
    }

    private void run(int mine) {
        long begun = System.nanoTime();
        try {
            if (!replaced() && !wasCalledOff(mine)) {
                endpoint.succession().leave();
            }
            var limits = endpoint.config().listen().restart();
            await(mine, limits.clientTimeout(), Shutdown.WAIT_FOR_SERVERS);
            hangUp(mine);
            await(mine, limits.transactionTimeout(), Shutdown.NOW);
            long stay = limits.fallbackTime().toNanos();
            while (replaced() && !wasCalledOff(mine) && System.nanoTime() - begun < stay) {
                pause();
            }
        } catch (InterruptedException e) {
            LOG.debug("nothing interrupts this thread", e);
        } finally {
            end(mine);
        }
    }

    private synchronized void hangUp(int mine) {
        hangingUp = mine == round;
    }

    private synchronized void end(int mine) {
        if (mine == round) {
            over.complete(null);
        }
    }

    /** Until nobody is left, the time is over, or less patience is asked for. */
    private void await(int mine, Duration limit, Shutdown lessPatient) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!wasCalledOff(mine) && !atLeast(lessPatient) && System.nanoTime() - deadline < 0) {
            if (hangingUp) {
                endpoint.hangUpOnIdle();
            }
            if (endpoint.sessions() == 0) {
                return;
            }
            pause();
        }
    }

    private void pause() throws InterruptedException {
        if (nudges.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            nudges.drainPermits();
        }
    }
}

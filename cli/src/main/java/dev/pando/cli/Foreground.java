package dev.pando.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a command until SIGTERM or Ctrl-C, and lets it clean up in its own thread. A stop that was asked for and went well is a success: the
 * process ends with 0, not with Java's 143 or 130. A shutdown hook interrupts the command's thread, waits for it and ends the process with
 * the command's own result; while the command itself ends, the hook does nothing.
 */
final class Foreground {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);
    private static final int FAILED = 1;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicInteger result = new AtomicInteger(FAILED);
    private volatile boolean stopping;

    /** Runs {@code command}, whose thread is interrupted when the process is asked to stop. */
    int run(Callable<Integer> command) throws Exception {
        Thread worker = Thread.currentThread();
        Thread hook = new Thread(() -> stop(worker), "pando-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            result.set(command.call());
            return result.get();
        } catch (Exception e) {
            if (stopping) {
                // What fails because it was interrupted on the way up is the stop that was asked for.
                result.set(0);
                return 0;
            }
            throw e;
        } finally {
            finished.countDown();
        }
    }

    boolean stopping() {
        return stopping;
    }

    @SuppressWarnings("SystemExitOutsideMain") // halt is how a hook sets the exit code
    private void stop(Thread worker) {
        if (finished.getCount() == 0) {
            return;
        }
        stopping = true;
        worker.interrupt();
        try {
            boolean clean = finished.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
            Runtime.getRuntime().halt(clean ? result.get() : FAILED);
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(FAILED);
        }
    }
}

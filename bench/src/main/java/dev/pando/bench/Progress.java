package dev.pando.bench;

import dev.pando.base.terminal.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** How far long work has come, of a known number of steps, and about how long it still takes. May be used by several threads. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 20;

    private final ProgressLine line;
    private final int steps;
    private final long begun = System.nanoTime();
    private long steadySince = begun;
    private int done;

    Progress(PrintWriter out, int steps) {
        this.line = new ProgressLine(out);
        this.steps = steps;
    }

    /** The steps begin now: what took time before says nothing of theirs. */
    synchronized void begin() {
        steadySince = System.nanoTime();
    }

    synchronized void step() {
        done++;
    }

    /** So many seconds are over, of steps that are seconds. */
    private synchronized void reached(long seconds) {
        done = (int) Math.min(seconds, steps);
    }

    synchronized void show(String what) {
        long now = System.nanoTime();
        line.show(bar(what, done, steps, Duration.ofNanos(now - steadySince)), Duration.ofNanos(now - begun));
    }

    static String bar(String what, int done, int steps, Duration elapsed) {
        int filled = steps == 0 ? WIDTH : WIDTH * done / steps;
        long left = done == 0
                ? 0
                : elapsed.dividedBy(done).multipliedBy(steps - done).toSeconds();
        return String.format(
                Locale.ROOT,
                "[%s%s] %d of %d  %s%s",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                done,
                steps,
                what,
                done == 0 ? "" : String.format(Locale.ROOT, ", about %d:%02d min left", left / 60, left % 60));
    }

    /** Shows a run's phases behind {@code what}. */
    WriteStep.Watcher watch(String what) {
        return new WriteStep.Watcher() {
            @Override
            public void connected(int connected, int clients, double seconds) {
                show(what + String.format(Locale.ROOT, ": %,d of %,d clients in", connected, clients));
            }

            @Override
            public void running(String phase, Duration elapsed, Duration total, long acknowledged) {
                show(what
                        + String.format(
                                Locale.ROOT,
                                ", %s, %d of %d s, %,d answered",
                                phase,
                                elapsed.toSeconds(),
                                total.toSeconds(),
                                acknowledged));
            }
        };
    }

    /** As {@link #watch}, of the only run there is, whose seconds are the steps. */
    WriteStep.Watcher watchSeconds(String what) {
        WriteStep.Watcher shown = watch(what);
        return new WriteStep.Watcher() {
            @Override
            public void connected(int connected, int clients, double seconds) {
                begin();
                shown.connected(connected, clients, seconds);
            }

            @Override
            public void running(String phase, Duration elapsed, Duration total, long acknowledged) {
                reached(elapsed.toSeconds());
                shown.running(phase, elapsed, total, acknowledged);
            }
        };
    }

    @Override
    public void close() {
        line.close();
    }
}

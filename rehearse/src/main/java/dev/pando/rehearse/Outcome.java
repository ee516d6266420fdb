package dev.pando.rehearse;

import dev.pando.rehearse.watch.Timing;
import dev.pando.rehearse.watch.Waits;
import java.util.List;

/**
 * What happened in one rehearsal; times in nanoseconds since the traffic began.
 *
 * @param began when the migration did
 * @param ended when the migration did
 * @param calm when everybody had an answer to what was due before {@code ended}
 * @param stopped when the traffic ended
 * @param gap the longest time that nobody watched
 */
record Outcome(
        List<MigrationRun.Ran> ran,
        List<Timing> timings,
        Waits waits,
        long began,
        long ended,
        long calm,
        long stopped,
        long gap) {
    Outcome {
        ran = List.copyOf(ran);
        timings = List.copyOf(timings);
    }
}

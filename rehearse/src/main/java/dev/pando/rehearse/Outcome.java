package dev.pando.rehearse;

import dev.pando.rehearse.watch.FailureCount;
import dev.pando.rehearse.watch.Timing;
import dev.pando.rehearse.watch.Waits;
import java.util.List;

/**
 * What happened in one rehearsal; times in nanoseconds since the traffic began.
 *
 * @param untimed how many requests are not among {@code timings}
 * @param failures of each client
 * @param counted from when requests count
 * @param began when the migration did
 * @param ended when the migration did
 * @param calm when everybody had an answer to what was due before {@code ended}
 * @param stopped when the traffic ended
 * @param gap the longest time that nobody watched
 */
record Outcome(
        List<MigrationRun.Ran> ran,
        List<Timing> timings,
        long untimed,
        List<FailureCount> failures,
        Waits waits,
        long counted,
        long began,
        long ended,
        long calm,
        long stopped,
        long gap) {
    Outcome {
        ran = List.copyOf(ran);
        timings = List.copyOf(timings);
        failures = List.copyOf(failures);
    }
}

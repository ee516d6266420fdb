package dev.pando.rehearse.output;

import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.RelationWait;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a rehearsal showed. Times are milliseconds, unless they say otherwise.
 *
 * @param ground the server and its schema, in words
 * @param notes what was not counted, and what the copy lacks
 * @param traffic in words
 * @param steps the migration's statements, as far as they ran
 * @param waits who waited for the migration, by table, the longest first
 * @param requests by table, those of a table that somebody waited for first; the last are all together
 * @param failures of clients since the migration began, that were not seen before it
 * @param usual failures of clients that have nothing to do with the migration: they came before it as well
 * @param gap the longest time between two looks at the server's locks
 */
public record Report(
        String ground,
        List<String> notes,
        List<Filling> tables,
        String traffic,
        List<Step> steps,
        List<RelationWait> waits,
        List<Requests> requests,
        List<Failures> failures,
        List<Failures> usual,
        TimeLine line,
        double migration,
        double recovery,
        double gap,
        double budget) {
    public Report {
        notes = List.copyOf(notes);
        tables = List.copyOf(tables);
        steps = List.copyOf(steps);
        waits = List.copyOf(waits);
        requests = List.copyOf(requests);
        failures = List.copyOf(failures);
        usual = List.copyOf(usual);
    }

    /** A table of the copy. {@code target} is its size in the target, empty when that is not known. */
    public record Filling(
            String table,
            long rows,
            long bytes,
            OptionalDouble target,
            @Nullable String problem) {}

    /**
     * A statement of the migration.
     *
     * @param own how long it waited for locks itself
     * @param estimate what it does and how long it would take with the target's sizes, in words; null when that is not known
     */
    public record Step(
            String file,
            int line,
            String sql,
            double time,
            double own,
            int attempts,
            @Nullable Failure failure,
            @Nullable String estimate) {}

    public record Requests(String table, Latency before, Latency during, Latency after) {}

    public record Failures(long count, Failure first) {}

    /**
     * Equal parts of the time in which requests count.
     *
     * @param width of a part
     * @param waiting the most sessions that waited for the migration at once, in each part
     * @param latency of the slowest request that was answered in each part
     * @param from number of the part in which the migration began
     * @param to number of the part in which it ended
     */
    public record TimeLine(double width, List<Integer> waiting, List<Double> latency, int from, int to) {
        public TimeLine {
            waiting = List.copyOf(waiting);
            latency = List.copyOf(latency);
        }
    }

    /** Where statement number {@code step}, from 0, stands: with its file, if there are several. */
    String lineOf(int step) {
        if (step >= steps.size()) {
            return "the migration";
        }
        boolean files = steps.stream().map(Step::file).distinct().count() > 1;
        Step there = steps.get(step);
        return (files ? there.file() + " " : "") + "line " + there.line();
    }

    public boolean migrated() {
        return steps.stream().allMatch(step -> step.failure() == null);
    }

    public double longest() {
        return waits.isEmpty() ? 0 : waits.getFirst().longest() / 1e3;
    }

    /** Whether nobody was disturbed beyond the budget. */
    public boolean passed() {
        return migrated() && failures.isEmpty() && longest() <= budget;
    }
}

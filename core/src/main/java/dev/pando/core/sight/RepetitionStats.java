package dev.pando.core.sight;

import org.jspecify.annotations.Nullable;

/**
 * How often a statement was one question asked many times (N+1). Times are nanoseconds.
 *
 * @param runs how often that happened
 * @param repeats statements in all runs
 * @param longest statements in the longest run
 * @param nanos what these statements took
 * @param pauses what passed between one answer and the next of them: the network, and the client
 * @param last when one was seen last, on the clock of the process
 * @param after the text of what the last run came after, null when nothing returned as many rows
 * @param remedy what to do instead
 */
public record RepetitionStats(
        long runs,
        long repeats,
        long longest,
        long nanos,
        long pauses,
        long last,
        @Nullable String after,
        Remedy remedy) {
    RepetitionStats plus(RepetitionStats other) {
        String theirs = last >= other.last ? after : other.after;
        return new RepetitionStats(
                runs + other.runs,
                repeats + other.repeats,
                Math.max(longest, other.longest),
                nanos + other.nanos,
                pauses + other.pauses,
                Math.max(last, other.last),
                theirs,
                remedy);
    }
}

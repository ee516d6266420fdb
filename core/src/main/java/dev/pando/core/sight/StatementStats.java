package dev.pando.core.sight;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement of one account at a moment. Times are nanoseconds.
 *
 * @param text its shape: without literals
 * @param why where it goes and why, as EXPLAIN (PANDO) has it, without values
 * @param parts sums, see {@link #part}
 * @param longest of its times
 * @param repetition null when it never was one question asked many times
 */
@SuppressWarnings("ArrayRecordComponent") // made anew for each snapshot and shown to nobody
public record StatementStats(
        long id,
        Account account,
        String text,
        List<String> why,
        Counts counts,
        long[] parts,
        long longest,
        Latencies latencies,
        @Nullable RepetitionStats repetition) {
    public StatementStats {
        why = List.copyOf(why);
    }

    /**
     * Sums since it was first seen.
     *
     * @param received bytes from clients
     * @param sent bytes to clients
     * @param shards how many were concerned, in all calls together
     * @param several calls that concerned more than one
     * @param mostShards of one call
     */
    public record Counts(
            long calls, long errors, long rows, long received, long sent, long shards, long several, int mostShards) {
        Counts plus(Counts other) {
            return new Counts(
                    calls + other.calls,
                    errors + other.errors,
                    rows + other.rows,
                    received + other.received,
                    sent + other.sent,
                    shards + other.shards,
                    several + other.several,
                    Math.max(mostShards, other.mostShards));
        }
    }

    public long part(Part part) {
        return parts[part.place()];
    }

    /** Of all calls. */
    public long total() {
        return Arrays.stream(parts).sum();
    }

    public long mean() {
        return counts.calls() == 0 ? 0 : total() / counts.calls();
    }

    /** The time that this part (0 to 1) of its calls did not exceed. */
    public long percentile(double part) {
        return Math.min(longest, latencies.percentile(part));
    }

    /** The same statement on another event loop. */
    StatementStats plus(StatementStats other) {
        Latencies both = latencies.copy();
        both.add(other.latencies);
        long[] sums = parts.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.parts[i];
        }
        RepetitionStats mine = repetition;
        RepetitionStats theirs = other.repetition;
        return new StatementStats(
                id,
                account,
                text,
                why,
                counts.plus(other.counts),
                sums,
                Math.max(longest, other.longest),
                both,
                mine == null ? theirs : theirs == null ? mine : mine.plus(theirs));
    }
}

package dev.pando.core.sight;

import org.jspecify.annotations.Nullable;

/** How often a statement was one question asked many times. Owned by the loop of its entry. */
final class Repetition {
    private final Remedy remedy;
    private long runs;
    private long repeats;
    private long longest;
    private long nanos;
    private long pauses;
    private long last;
    private @Nullable String after;

    Repetition(Remedy remedy) {
        this.remedy = remedy;
    }

    /** A run has grown long enough to be one. {@code parent}: what it came after, null when that is not known. */
    void begins(int count, long its, long between, @Nullable StatementEntry parent, long now) {
        runs++;
        repeats += count;
        nanos += its;
        pauses += between;
        longest = Math.max(longest, count);
        last = now;
        after = parent == null ? after : parent.text();
    }

    /** One more of a run that has begun. */
    void goesOn(int count, long its, long between, long now) {
        repeats++;
        nanos += its;
        pauses += between;
        longest = Math.max(longest, count);
        last = now;
    }

    SightCounts.Repeated counts() {
        return new SightCounts.Repeated(runs, repeats);
    }

    RepetitionStats snapshot() {
        return new RepetitionStats(runs, repeats, longest, nanos, pauses, last, after, remedy);
    }
}

package dev.pando.core.sight;

import dev.pando.core.sight.StatementEntry.Kind;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds one question asked many times (N+1) by one session; owned by it.
 *
 * <p>What can go wrong: a report that is not true. A busy connection of an application's pool runs the same lookup thousands of times, once
 * for each of as many users, and there is nothing to be put together. What tells the loop of a program from that: within a transaction
 * all is one program's doing, so there the count suffices. Outside, a loop needs something to go through: a query that has returned rows,
 * after which the same lookup runs about as often as there were rows (at least half as often, and not more often), with short pauses only.
 * What was sent without waiting for the answer before costs no round trips and is not counted, but for INSERT, which loaders send that way.
 * Statements of several connections are never put together. The price: a loop over ids that came from elsewhere is found in transactions
 * only, and so are single INSERTs that wait for each other.
 */
final class Repeats {
    private static final int WATCHED = 8;

    private final SightSettings settings;
    private final @Nullable Run[] runs = new @Nullable Run[WATCHED];
    private int oldest;
    private @Nullable StatementEntry parent;
    private long parentRows;
    /** The one before, for a question whose own answers have many rows looks like a parent when it comes first. */
    private @Nullable StatementEntry grandparent;

    private long grandparentRows;

    Repeats(SightSettings settings) {
        this.settings = settings;
    }

    /** One statement and how often it has run. */
    private static final class Run {
        private StatementEntry entry;
        private @Nullable StatementEntry parent;
        private int count;
        private long nanos;
        private long pauses;
        private boolean reported;

        Run(StatementEntry entry, @Nullable StatementEntry parent) {
            this.entry = entry;
            this.parent = parent;
        }

        void restart(@Nullable StatementEntry after) {
            parent = after;
            count = 0;
            nanos = 0;
            pauses = 0;
            reported = false;
        }
    }

    /** The transaction is over, or there was a long pause: what comes has nothing to do with what was. */
    void forget() {
        Arrays.fill(runs, null);
        parent = null;
        grandparent = null;
    }

    /**
     * A statement has ended.
     *
     * @param pause since the answer before it
     * @return true when with this one it has become one question asked many times
     */
    boolean ended(StatementEntry entry, Flight flight, long pause, boolean transaction) {
        if (!transaction && pause > settings.pause()) {
            forget();
        }
        if (entry.kind() == Kind.OTHER || flight.failed()) {
            return false;
        }
        boolean waited = !flight.crowded() || entry.kind() == Kind.INSERT;
        if (entry == parent && grandparent != null) {
            parent = grandparent;
            parentRows = grandparentRows;
            grandparent = null;
            Run mistaken = run(entry);
            mistaken.restart(parent);
            mistaken.count = 1;
        }
        Run run = run(entry);
        if (!transaction && run.parent != parent) {
            run.restart(parent);
        }
        boolean found = false;
        if (waited) {
            run.count++;
            run.nanos += flight.nanos();
            run.pauses += flight.crowded() ? 0 : pause;
            found = report(run, flight, pause, transaction);
        }
        if (entry.kind() == Kind.SELECT && flight.rows() >= settings.repeats() && run.count <= 1) {
            grandparent = parent;
            grandparentRows = parentRows;
            parent = entry;
            parentRows = flight.rows();
        }
        return found;
    }

    private boolean report(Run run, Flight flight, long pause, boolean transaction) {
        Repetition repetition;
        if (run.reported) {
            if (transaction || loader(run, flight) || run.count <= parentRows) {
                repetition = run.entry.repetition();
                repetition.goesOn(run.count, flight.nanos(), flight.crowded() ? 0 : pause, flight.ended);
            }
            return false;
        }
        if (run.count < settings.repeats() || !(transaction || loader(run, flight) || follows(run))) {
            return false;
        }
        run.reported = true;
        repetition = run.entry.repetition();
        repetition.begins(run.count, run.nanos, run.pauses, run.entry == parent ? null : parent, flight.ended);
        return true;
    }

    /** Whether it runs for each row of what came before. */
    private boolean follows(Run run) {
        return parent != null && run.parent == parent && run.count <= parentRows && run.count * 2L >= parentRows;
    }

    private static boolean loader(Run run, Flight flight) {
        return run.entry.kind() == Kind.INSERT && flight.crowded();
    }

    private Run run(StatementEntry entry) {
        int free = -1;
        for (int i = 0; i < WATCHED; i++) {
            Run known = runs[i];
            if (known == null) {
                free = free < 0 ? i : free;
            } else if (known.entry == entry) {
                return known;
            }
        }
        if (free >= 0) {
            Run fresh = new Run(entry, parent);
            runs[free] = fresh;
            return fresh;
        }
        oldest = (oldest + 1) % WATCHED;
        Run reused = Objects.requireNonNull(runs[oldest]);
        reused.entry = entry;
        reused.restart(parent);
        return reused;
    }
}

package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a client does: steps one after the other, and the sets of new rows (units) of which all or none must be there in the end.
 *
 * @param readies how many ReadyForQuery the whole program earns
 */
record Program(List<Step> steps, List<Unit> units, int readies) {
    /**
     * Messages sent at once.
     *
     * @param earned how many ReadyForQuery they earn
     * @param waits for all that is due before the next step
     * @param copy wait for CopyInResponse; when ReadyForQuery comes in its place, the next step (the data) is left out
     * @param discardable how many of the ReadyForQuery may stay out when a fault fails a batch before its simple queries
     */
    record Step(String label, byte[] bytes, int earned, boolean waits, boolean copy, int discardable) {}

    /** Keys inserted together; the answer that ends with the {@code segment}-th ReadyForQuery (from 0) says whether they were. */
    record Unit(String table, Set<Long> keys, int segment) {}

    /** Puts a program together. */
    static final class Builder {
        private final List<Step> steps = new ArrayList<>();
        private final List<Unit> units = new ArrayList<>();
        private int readies;

        /** The segment that the next Query or Sync ends. */
        int segment() {
            return readies;
        }

        void step(String label, byte[] bytes, int earned, boolean wait) {
            steps.add(new Step(label, bytes, earned, wait, false, 0));
            readies += earned;
        }

        /** A batch with simple queries in it, and its Sync. */
        void interrupted(String label, byte[] bytes, int queries) {
            steps.add(new Step(label, bytes, queries + 1, true, false, queries));
            readies += queries + 1;
        }

        void copy(String label, byte[] command, byte[] data) {
            steps.add(new Step(label, command, 1, true, true, 0));
            steps.add(new Step("COPY data", data, 0, true, false, 0));
            readies++;
        }

        void unit(String table, Set<Long> keys, int segment) {
            units.add(new Unit(table, Set.copyOf(keys), segment));
        }

        Program build() {
            return new Program(List.copyOf(steps), List.copyOf(units), readies);
        }
    }
}

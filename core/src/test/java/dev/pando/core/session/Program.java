package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a client does: steps one after the other, and the sets of new rows (units) of which all or none must be there in the end.
 *
 * @param readies how many ReadyForQuery the whole program earns
 */
record Program(
        List<Step> steps,
        List<Unit> units,
        List<Channels> channels,
        List<Notes> notes,
        List<Prepared> prepared,
        boolean sharded,
        int readies) {
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

    /** LISTEN, or UNLISTEN: of all when {@code channel} is {@code *}. */
    record Channel(boolean listens, String channel) {}

    /**
     * Changes of what is listened to, in a transaction whose BEGIN is of segment {@code from}.
     *
     * @param atOnce what an error of the statement does not undo: DISCARD ALL
     */
    record Channels(List<Channel> changes, int from, int segment, boolean atOnce) {}

    /** Payloads of a transaction's notifications, in order. */
    record Notes(List<String> payloads, int segment) {}

    /** COMMIT PREPARED or ROLLBACK PREPARED. */
    record Finish(boolean commit, int segment) {}

    /** A transaction that the client prepares itself; that is answered in {@code segment}. */
    record Prepared(String name, String table, Set<Long> keys, int segment, List<Finish> finishes) {}

    /** Puts a program together. */
    static final class Builder {
        private final List<Step> steps = new ArrayList<>();
        private final List<Unit> units = new ArrayList<>();
        private final List<Channels> channels = new ArrayList<>();
        private final List<Notes> notes = new ArrayList<>();
        private final List<Prepared> prepared = new ArrayList<>();
        private final boolean sharded;
        private int readies;

        Builder() {
            this(false);
        }

        /** {@code sharded}: for Pando before several shards. */
        Builder(boolean sharded) {
            this.sharded = sharded;
        }

        boolean sharded() {
            return sharded;
        }

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

        void channels(List<Channel> changes, int from, int segment) {
            channels.add(new Channels(List.copyOf(changes), from, segment, false));
        }

        /** DISCARD ALL comes next. */
        void discard() {
            channels.add(new Channels(List.of(new Channel(false, "*")), readies, readies, true));
        }

        void notes(List<String> payloads, int segment) {
            notes.add(new Notes(List.copyOf(payloads), segment));
        }

        void prepared(Prepared transaction) {
            prepared.add(transaction);
        }

        Program build() {
            return new Program(
                    List.copyOf(steps),
                    List.copyOf(units),
                    List.copyOf(channels),
                    List.copyOf(notes),
                    List.copyOf(prepared),
                    sharded,
                    readies);
        }
    }
}

package dev.pando.core.session;

/** What a session is at, and counters that tell whether anything has happened since. */
public interface Pulse {
    /** What it waits for. */
    enum Phase {
        /** For the client, and nothing is open. */
        IDLE,
        /** For the client, within a transaction. */
        OPEN,
        /** For servers, for Pando, or for COPY data. */
        RUNNING
    }

    Phase phase();

    /** Messages received. */
    long messages();

    /** Queries and batches answered with ReadyForQuery. */
    long answers();

    /** Those after which no transaction was open. */
    long rests();
}

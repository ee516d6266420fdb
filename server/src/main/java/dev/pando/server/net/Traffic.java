package dev.pando.server.net;

/** Totals of one shard on one event loop; written by the loop alone, read by it for others. */
final class Traffic {
    private long sent;
    private long received;
    private long errors;
    private long statements;
    private long leases;
    private long waitedNanos;

    void sent(int bytes) {
        sent += bytes;
    }

    void received(int bytes) {
        received += bytes;
    }

    void statement() {
        statements++;
    }

    void error() {
        errors++;
    }

    void leased(long waitNanos) {
        leases++;
        waitedNanos += waitNanos;
    }

    long sentBytes() {
        return sent;
    }

    long receivedBytes() {
        return received;
    }

    long errors() {
        return errors;
    }

    long statements() {
        return statements;
    }

    long leases() {
        return leases;
    }

    long waitedNanos() {
        return waitedNanos;
    }
}

package dev.pando.rehearse.watch;

/**
 * One request of a client, in nanoseconds since the traffic began.
 *
 * @param due when it should have been sent; it is sent later when its client still waits for an answer
 * @param table it is about, empty when that is not known
 */
public record Timing(long due, long ended, String table) {
    public long latency() {
        return ended - due;
    }
}

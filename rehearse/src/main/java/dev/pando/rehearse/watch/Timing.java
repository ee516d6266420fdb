package dev.pando.rehearse.watch;

import java.util.List;

/**
 * One request of a client, in nanoseconds since the traffic began.
 *
 * @param due when it should have been sent; it is sent later when its client still waits for an answer
 * @param tables it used, none when that is not known
 */
public record Timing(long due, long ended, List<String> tables) {
    public Timing {
        tables = List.copyOf(tables);
    }

    public long latency() {
        return ended - due;
    }
}

package dev.pando.rehearse.traffic;

import java.util.concurrent.TimeUnit;

/**
 * How fast clients ask.
 *
 * @param rate requests a second of all clients together
 * @param speedUp how much faster than it was a log is replayed
 */
public record Pace(int clients, int rate, long seed, double speedUp) {
    /** When turn number {@code turn} of a client is due, both from 0; the clients' turns are spread evenly over time. */
    long due(long turn, int client) {
        long pause = TimeUnit.SECONDS.toNanos(1) * clients / rate;
        return turn * pause + pause * client / clients;
    }
}

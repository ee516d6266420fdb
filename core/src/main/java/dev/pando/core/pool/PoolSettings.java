package dev.pando.core.pool;

import java.time.Duration;

/**
 * What one pool keeps to. How many connections it may have stands in its {@link Allowance.Share}, because pools of other event loops count
 * with it.
 *
 * @param maxWaiting requests in the queue at most
 * @param queueTimeout how long a request waits before it is refused
 * @param noticeAfter how long it waits before its client is told that it does; zero for never
 * @param reserveAfter how long it waits before the reserve is opened for it
 * @param upkeep of connections that are there
 */
public record PoolSettings(
        int maxWaiting, Duration queueTimeout, Duration noticeAfter, Duration reserveAfter, Upkeep upkeep) {

    /**
     * @param minimum connections to keep while the pool has clients
     * @param idleTimeout how long an unused connection is kept; zero for ever
     * @param lifetime after which a connection is replaced when it is free; zero for never
     * @param checkDelay a connection unused for so long is tried before it is given out
     * @param longestBackoff between attempts to connect after failures
     * @param roundRobin give out the connection that has rested longest, instead of the one used last
     */
    public record Upkeep(
            int minimum,
            Duration idleTimeout,
            Duration lifetime,
            Duration checkDelay,
            Duration longestBackoff,
            boolean roundRobin) {}

    public PoolSettings {
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("queue of " + maxWaiting);
        }
    }
}

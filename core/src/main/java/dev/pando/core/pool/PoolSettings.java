package dev.pando.core.pool;

import java.time.Duration;

/**
 * Limits of one pool.
 *
 * @param size server connections at most
 * @param maxWaiting requests in the queue at most
 * @param queueTimeout how long a request waits before it is refused
 * @param idleTimeout how long an unused connection is kept; zero for ever
 */
public record PoolSettings(int size, int maxWaiting, Duration queueTimeout, Duration idleTimeout) {
    public PoolSettings {
        if (size < 1 || maxWaiting < 1) {
            throw new IllegalArgumentException("pool of size " + size + ", queue of " + maxWaiting);
        }
    }
}

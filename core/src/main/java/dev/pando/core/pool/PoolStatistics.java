package dev.pando.core.pool;

/**
 * One moment of a pool, or several added up.
 *
 * @param oldestWaitNanos how long the head of the queue has waited
 */
public record PoolStatistics(int leased, int idle, int opening, int waiting, int size, long oldestWaitNanos) {
    public static final PoolStatistics NONE = new PoolStatistics(0, 0, 0, 0, 0, 0);

    public PoolStatistics plus(PoolStatistics other) {
        return new PoolStatistics(
                leased + other.leased,
                idle + other.idle,
                opening + other.opening,
                waiting + other.waiting,
                size + other.size,
                Math.max(oldestWaitNanos, other.oldestWaitNanos));
    }
}

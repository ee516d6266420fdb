package dev.pando.core.pool;

/**
 * One moment of a pool, or several added up.
 *
 * @param tried idle connections whose server is asked whether it is still there
 * @param oldestWaitNanos how long the head of the queue has waited
 */
public record PoolStatistics(int leased, int idle, int tried, int opening, int waiting, long oldestWaitNanos) {
    public static final PoolStatistics NONE = new PoolStatistics(0, 0, 0, 0, 0, 0);

    public PoolStatistics plus(PoolStatistics other) {
        return new PoolStatistics(
                leased + other.leased,
                idle + other.idle,
                tried + other.tried,
                opening + other.opening,
                waiting + other.waiting,
                Math.max(oldestWaitNanos, other.oldestWaitNanos));
    }

    /** Connections there are, or will be. */
    public int connections() {
        return leased + idle + tried + opening;
    }
}

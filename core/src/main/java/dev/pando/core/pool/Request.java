package dev.pando.core.pool;

/** A request in the queue, to cancel it by. */
public final class Request<L> {
    final Waiter<L> waiter;
    final boolean underway;
    /** Since when its time runs: a pause does not count. */
    long since;

    boolean delayed;

    Request(Waiter<L> waiter, long since) {
        this.waiter = waiter;
        this.since = since;
        this.underway = waiter.underway();
    }
}

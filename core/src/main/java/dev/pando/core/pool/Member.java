package dev.pando.core.pool;

/** A connection that is there, with what its pool knows of it. */
final class Member<L> {
    enum State {
        IDLE,
        LEASED,
        TRIED
    }

    final L link;
    final long born;
    long idleSince;
    State state = State.LEASED;
    /** Older than the last {@link Pool#reconnect}. */
    boolean outdated;

    Member(L link, long born) {
        this.link = link;
        this.born = born;
    }
}

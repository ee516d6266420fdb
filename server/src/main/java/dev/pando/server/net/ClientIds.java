package dev.pando.server.net;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Process ids for clients: the node's number in the upper bits, so that a CancelRequest tells whose it is, and one that is free among this
 * node's in the lower ones. They are positive, as drivers expect. Safe for use by several threads.
 */
final class ClientIds {
    /** More than two million clients have no id of their own any more; {@code listen.max_clients} and {@code max_logins} stay below. */
    private static final int LOWER_BITS = 21;

    private static final int LOWER = (1 << LOWER_BITS) - 1;

    private final int node;
    private final IntPredicate taken;
    private final AtomicInteger last = new AtomicInteger();

    ClientIds(int node, IntPredicate taken) {
        this.node = node;
        this.taken = taken;
    }

    int next() {
        int id;
        do {
            id = (node << LOWER_BITS) | (last.incrementAndGet() & LOWER);
        } while ((id & LOWER) == 0 || taken.test(id));
        return id;
    }

    /** Number of the node whose client has this id. */
    static int node(int id) {
        return id >>> LOWER_BITS;
    }
}

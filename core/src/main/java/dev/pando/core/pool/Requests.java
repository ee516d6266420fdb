package dev.pando.core.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who waits for a connection of one pool, in the order they came. */
final class Requests<L> {
    private final ArrayDeque<Pool.Request<L>> waiting = new ArrayDeque<>();

    void add(Pool.Request<L> request) {
        waiting.addLast(request);
    }

    boolean remove(Pool.Request<L> request) {
        return waiting.remove(request);
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Pool.@Nullable Request<L> oldest() {
        return waiting.peekFirst();
    }

    /** Takes out the first that may be served. */
    Pool.@Nullable Request<L> next(Predicate<Pool.Request<L>> served) {
        Pool.Request<L> first = waiting.peekFirst();
        if (first == null || served.test(first)) {
            return waiting.pollFirst();
        }
        for (Iterator<Pool.Request<L>> oldestFirst = waiting.iterator(); oldestFirst.hasNext(); ) {
            Pool.Request<L> candidate = oldestFirst.next();
            if (served.test(candidate)) {
                oldestFirst.remove();
                return candidate;
            }
        }
        return null;
    }

    List<Pool.Request<L>> all(Predicate<Pool.Request<L>> which) {
        return waiting.stream().filter(which).toList();
    }

    long count(Predicate<Pool.Request<L>> which) {
        return waiting.stream().filter(which).count();
    }

    /** Those that have waited since before {@code now - nanos}, oldest first. */
    List<Pool.Request<L>> longerThan(long nanos, long now) {
        List<Pool.Request<L>> late = new ArrayList<>();
        for (Pool.Request<L> oldestFirst : waiting) {
            if (now - oldestFirst.since() < nanos) {
                break;
            }
            late.add(oldestFirst);
        }
        return late;
    }

    List<Pool.Request<L>> clear() {
        List<Pool.Request<L>> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }
}

package dev.pando.core.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who waits for a connection of one pool, in the order they came. */
final class Requests<L> {
    private final ArrayDeque<Request<L>> waiting = new ArrayDeque<>();

    void add(Request<L> request) {
        waiting.addLast(request);
    }

    boolean remove(Request<L> request) {
        return waiting.remove(request);
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Nullable
    Request<L> oldest() {
        return waiting.peekFirst();
    }

    /** Takes out the first that may be served. */
    @Nullable
    Request<L> next(Predicate<Request<L>> served) {
        Request<L> first = waiting.peekFirst();
        if (first == null || served.test(first)) {
            return waiting.pollFirst();
        }
        for (Iterator<Request<L>> oldestFirst = waiting.iterator(); oldestFirst.hasNext(); ) {
            Request<L> candidate = oldestFirst.next();
            if (served.test(candidate)) {
                oldestFirst.remove();
                return candidate;
            }
        }
        return null;
    }

    List<Request<L>> all(Predicate<Request<L>> which) {
        return waiting.stream().filter(which).toList();
    }

    long count(Predicate<Request<L>> which) {
        return waiting.stream().filter(which).count();
    }

    /** Those that have waited since before {@code now - nanos}, oldest first. */
    List<Request<L>> longerThan(long nanos, long now) {
        List<Request<L>> late = new ArrayList<>();
        for (Request<L> oldestFirst : waiting) {
            if (now - oldestFirst.since < nanos) {
                break;
            }
            late.add(oldestFirst);
        }
        return late;
    }

    List<Request<L>> clear() {
        List<Request<L>> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }
}

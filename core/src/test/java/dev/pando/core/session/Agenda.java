package dev.pando.core.session;

import java.util.PriorityQueue;

/** The simulated clock and what is due when. Nothing happens at the same moment: who comes first was decided by the delay drawn. */
final class Agenda {
    private record Entry(long at, long number, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> due = new PriorityQueue<>();
    private long now;
    private long number;

    /** Microseconds since the start. */
    long now() {
        return now;
    }

    void after(long micros, Runnable action) {
        due.add(new Entry(now + micros, number++, action));
    }

    /** Lets the next thing happen; false when nothing is left. */
    boolean step() {
        Entry next = due.poll();
        if (next == null) {
            return false;
        }
        now = next.at();
        next.action().run();
        return true;
    }
}

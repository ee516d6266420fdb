package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;

/** What happened, as a number that is the same when the same happened, and as text when that is wanted. */
final class Trace {
    private final boolean kept;
    private final List<String> lines = new ArrayList<>();
    private long digest = 17;

    Trace(boolean kept) {
        this.kept = kept;
    }

    boolean kept() {
        return kept;
    }

    void add(long at, String what) {
        digest = (digest * 31 + at) * 31 + what.hashCode();
        if (kept) {
            lines.add(at + " µs  " + what);
        }
    }

    long digest() {
        return digest;
    }

    String last(int count) {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}

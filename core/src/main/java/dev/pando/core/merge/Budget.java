package dev.pando.core.merge;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;

/** The memory of one merge. */
final class Budget {
    /** Per source: enough to keep the other sources busy while one is awaited. */
    private static final long MOST_AHEAD = 256 * 1024;

    private final int sources;
    private long limit;
    private long used;

    Budget(int sources, long limit) {
        this.sources = sources;
        this.limit = limit;
    }

    /** From now on. */
    void limit(long bytes) {
        limit = bytes;
    }

    long used() {
        return used;
    }

    /** Takes {@code bytes}; alone, any amount fits (a message's length has its own limit). */
    void take(long bytes) {
        if (used > 0 && used + bytes > limit) {
            throw new PandoException(PandoError.MERGE_MEMORY, sources, limit);
        }
        used += bytes;
    }

    void give(long bytes) {
        used -= bytes;
    }

    /** Waiting bytes of one source from which on it is not read. Half of the limit stays for what is on its way. */
    long enoughPerSource() {
        return Math.min(MOST_AHEAD, limit / (2L * sources));
    }
}

package dev.pando.lab;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Memory for rows: so much for one session's answer, and so much for all that a server's sessions are reading at once. What has come to its end is not counted. */
final class AnswerSpace {
    private static final long ONE = 64L << 20;
    /** Of the heap: in memory the driver needs more than the bytes of a row. */
    private static final int PART = 8;

    private final long one;
    private final long all;
    private final AtomicLong held = new AtomicLong();

    AnswerSpace() {
        this(ONE, Math.max(ONE, Runtime.getRuntime().maxMemory() / PART));
    }

    AnswerSpace(long one, long all) {
        this.one = one;
        this.all = all;
    }

    private boolean fits(long bytes) {
        long before;
        do {
            before = held.get();
            if (before + bytes > all) {
                return false;
            }
        } while (!held.compareAndSet(before, before + bytes));
        return true;
    }

    /** What has come of the answer that one session reads; another thread may close it. */
    final class Share implements AutoCloseable {
        private long own;
        private boolean closed;

        /** Why there is no room for so many bytes; null if there is, and then they are taken. */
        synchronized @Nullable String take(long bytes) {
            if (own + bytes > one) {
                return "the answer is longer than " + (one >> 20) + " MB";
            }
            if (!closed && !fits(bytes)) {
                return "the answers of all sessions at once are longer than " + (all >> 20) + " MB";
            }
            own += bytes;
            return null;
        }

        synchronized void giveBack() {
            if (!closed) {
                held.addAndGet(-own);
            }
            own = 0;
        }

        @Override
        public synchronized void close() {
            giveBack();
            closed = true;
        }
    }
}

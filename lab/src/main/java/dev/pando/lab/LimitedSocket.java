package dev.pando.lab;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One session's connection to a server of others' SQL, which {@link SessionLimits} watches. The session's thread reads and writes. */
final class LimitedSocket extends Socket implements AnswerFilter.Listener {
    private final SessionLimits limits;
    private final Object state = new Object();
    private volatile Duration limit;
    /** Since when it waits for the server, by {@link System#nanoTime}. */
    private volatile long asked;

    private volatile boolean waiting;
    private volatile int pid;
    private volatile @Nullable String ending;
    private volatile long endingSince;

    private final AnswerSpace.Share space;
    private @Nullable InputStream input;

    LimitedSocket(SessionLimits limits, AnswerSpace.Share space, Duration limit) {
        this.limits = limits;
        this.space = space;
        this.limit = limit;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new AnswerFilter(new Answers(super.getInputStream()), this, space);
        }
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Questions(super.getOutputStream());
    }

    @Override
    public synchronized void close() throws IOException {
        limits.closed(this);
        space.close();
        super.close();
    }

    @Override
    public void process(int number) {
        pid = number;
    }

    @Override
    public void answered() {
        synchronized (state) {
            waiting = false;
        }
    }

    private void asks() {
        synchronized (state) {
            asked = System.nanoTime();
            waiting = true;
        }
    }

    int pid() {
        return pid;
    }

    Duration limit() {
        return limit;
    }

    void limit(Duration most) {
        limit = most;
    }

    boolean waits() {
        return waiting;
    }

    /** The driver reads while it expects something, also behind what was answered first, such as its own BEGIN. */
    private boolean expects() {
        if (waiting) {
            return false;
        }
        asks();
        return true;
    }

    /** Whether it is overdue: then it is being ended from now on, and not what it asks next. */
    boolean endsIfOverdue(long now, String reason) {
        synchronized (state) {
            boolean overdue = waiting && now - asked > limit.toNanos();
            if (overdue) {
                ending(reason, now);
            }
            return overdue;
        }
    }

    /** Why it is being ended, null if it is not. */
    @Nullable
    String ending() {
        return ending;
    }

    Duration endingFor(long now) {
        return Duration.ofNanos(now - endingSince);
    }

    void ending(String reason, long now) {
        endingSince = now;
        ending = reason;
    }

    /** What the server says while it ends the session is told in the words of who ended it. */
    private final class Answers extends FilterInputStream {
        Answers(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                int count;
                boolean begun = expects();
                try {
                    count = in.read(target, offset, length);
                } catch (IOException e) {
                    waiting &= !begun;
                    throw ending == null ? e : new SessionEnded(ending, e);
                }
                if (ending == null) {
                    return count;
                }
                if (count < 0) {
                    throw new SessionEnded(ending, null);
                }
            }
        }
    }

    private final class Questions extends FilterOutputStream {
        Questions(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            asks();
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw ending == null ? e : new SessionEnded(ending, e);
            }
        }
    }
}

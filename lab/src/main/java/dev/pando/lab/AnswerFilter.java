package dev.pando.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * What a server of others' SQL sends to one session, cut to what the driver can hold: it keeps every row and message of an answer in memory,
 * and a statement may make gigabytes of them. Notices beyond a limit are left out, with one in their place that says so; rows beyond a limit
 * are left out, and the answer ends with an error; an error's text is shortened; notifications, which nobody here waits for, are left out.
 * Belongs to the thread that reads.
 */
final class AnswerFilter extends InputStream {
    /** Of notices, a request. */
    private static final int MOST_NOTICES = 1 << 20;
    /** Each row, and message of COPY data, counts more than its bytes, as it does in memory. */
    private static final int ROW = 64;

    private static final int LONGEST_ERROR = 64 << 10;
    private static final int HEADER = 5;
    private static final byte[] NOTHING = {};
    private static final byte[] END_OF_FIELDS = {0, 0};
    /** Tells errors made here from those of the server, which may say anything. */
    private static final String OWN = UUID.randomUUID().toString();

    static final String NOTICES_LEFT_OUT = "Pando leaves out the notices after this one";
    private static final byte[] NO_MORE_NOTICES = message('N', "WARNING", "01000", NOTICES_LEFT_OUT);

    /** What the session learns from the messages. */
    interface Listener {
        /** The process that serves it. */
        void process(int pid);

        /** The server has answered, or waits for data. */
        void answered();
    }

    private final InputStream in;
    private final Listener listener;
    private final AnswerSpace.Share space;
    private final byte[] buffer = new byte[16 << 10];
    private int position;
    private int end;
    private ByteBuffer made = ByteBuffer.allocate(0);
    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private final ByteBuffer pid = ByteBuffer.allocate(Integer.BYTES).flip();
    private long pass;
    private long skip;
    private byte[] afterSkip = NOTHING;
    private byte @Nullable [] collecting;
    private int collected;
    private long notices;
    /** Why the request's rows are left out, null as long as they are not. */
    private @Nullable String full;
    /** Whether the request has been told. */
    private boolean told;

    AnswerFilter(InputStream in, Listener listener, AnswerSpace.Share space) {
        this.in = in;
        this.listener = listener;
        this.space = space;
    }

    /** Whether the statement was done and only its rows are not there. */
    static boolean tooManyRows(SQLException e) {
        return e instanceof PSQLException said
                && said.getServerErrorMessage() != null
                && OWN.equals(said.getServerErrorMessage().getRoutine());
    }

    private static byte[] message(char type, String severity, String state, String text) {
        byte[] body = ("S" + severity + "\0V" + severity + "\0C" + state + "\0M" + text + "\0R" + OWN + "\0\0")
                .getBytes(StandardCharsets.UTF_8);
        return message(type, body, body.length, NOTHING);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (true) {
            if (made.hasRemaining()) {
                int count = Math.min(length, made.remaining());
                made.get(target, offset, count);
                return count;
            }
            if (position == end && !filled()) {
                return -1;
            }
            byte[] body = collecting;
            if (body != null) {
                collect(body);
            } else if (skip > 0) {
                skipped();
            } else if (pass > 0) {
                return passed(target, offset, length);
            } else {
                header.put(buffer[position++]);
                if (!header.hasRemaining()) {
                    begin(header.get(0), header.getInt(1) - Integer.BYTES);
                    header.clear();
                }
            }
        }
    }

    private boolean filled() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        position = 0;
        end = Math.max(0, count);
        return count >= 0;
    }

    private void skipped() {
        int count = (int) Math.min(skip, end - position);
        position += count;
        skip -= count;
        if (skip == 0) {
            made = ByteBuffer.wrap(afterSkip);
        }
    }

    private int passed(byte[] target, int offset, int length) {
        int count = (int) Math.min(Math.min(length, pass), end - position);
        System.arraycopy(buffer, position, target, offset, count);
        for (int i = 0; i < count && pid.hasRemaining(); i++) {
            pid.put(buffer[position + i]);
            if (!pid.hasRemaining()) {
                listener.process(pid.getInt(0));
            }
        }
        position += count;
        pass -= count;
        return count;
    }

    private void begin(byte type, int length) throws IOException {
        if (length < 0) {
            throw new IOException("a message of the server has a wrong length: " + length);
        }
        switch (type) {
            case 'D', 'd' -> row(length);
            case 'C', 's' -> complete(length);
            case 'N' -> notice(length);
            case 'A' -> leaveOut(length);
            case 'E', 'S' -> collect(length);
            case 'K' -> {
                pid.clear();
                pass(length);
            }
            case 'Z', 'G' -> {
                notices = 0;
                space.giveBack();
                full = null;
                told = false;
                listener.answered();
                pass(length);
            }
            default -> pass(length);
        }
    }

    private void pass(int length) {
        byte[] copy = new byte[HEADER];
        header.get(0, copy);
        made = ByteBuffer.wrap(copy);
        pass = length;
    }

    private void leaveOut(int length) {
        leaveOut(length, NOTHING);
    }

    private void leaveOut(int length, byte[] instead) {
        skip = length;
        afterSkip = instead;
        if (length == 0) {
            made = ByteBuffer.wrap(instead);
        }
    }

    private void row(int length) {
        if (full == null) {
            full = space.take(ROW + length);
        }
        if (full == null) {
            pass(length);
        } else {
            leaveOut(length);
        }
    }

    private void complete(int length) {
        if (full == null) {
            pass(length);
        } else {
            leaveOut(length, told ? NOTHING : message('E', "ERROR", "54000", full));
            told = true;
        }
    }

    private void notice(int length) {
        boolean told = notices > MOST_NOTICES;
        notices += HEADER + length;
        if (notices <= MOST_NOTICES) {
            pass(length);
        } else {
            leaveOut(length, told ? NOTHING : NO_MORE_NOTICES);
        }
    }

    /** Up to what is looked at; the rest is left out. */
    private void collect(int length) {
        int most = Math.min(length, LONGEST_ERROR);
        leaveOut(length - most);
        made = ByteBuffer.allocate(0);
        collecting = new byte[most];
        collected = 0;
    }

    private void collect(byte[] body) {
        int count = Math.min(body.length - collected, end - position);
        System.arraycopy(buffer, position, body, collected, count);
        position += count;
        collected += count;
        if (collected == body.length) {
            collecting = null;
            byte[] message = header.get(0) == 'E' ? error(body) : skip == 0 ? parameter(body) : NOTHING;
            if (skip == 0) {
                made = ByteBuffer.wrap(message);
            } else {
                afterSkip = message;
            }
        }
    }

    /** The fields that tell what it is come first; the text may be of any length, and is then cut between two characters. */
    private byte[] error(byte[] body) {
        int whole = body.length;
        if (skip == 0) {
            return message('E', body, whole, NOTHING);
        }
        while (whole > 0 && (body[whole - 1] & 0xC0) == 0x80) {
            whole--;
        }
        if (whole > 0 && body[whole - 1] < 0) {
            whole--; // the character may not be whole
        }
        return message('E', body, whole, END_OF_FIELDS);
    }

    /** The driver gives a session up whose dates it could not read; none are read here but as texts. A value that was cut is none. */
    private static byte[] parameter(byte[] body) {
        boolean dates = new String(body, StandardCharsets.UTF_8).startsWith("DateStyle\0");
        return dates ? NOTHING : message('S', body, body.length, NOTHING);
    }

    private static byte[] message(char type, byte[] body, int length, byte[] end) {
        return ByteBuffer.allocate(HEADER + length + end.length)
                .put((byte) type)
                .putInt(Integer.BYTES + length + end.length)
                .put(body, 0, length)
                .put(end)
                .array();
    }

    @Override
    public int available() throws IOException {
        return made.remaining() + (int) Math.min(pass, end - position);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

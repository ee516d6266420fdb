package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** COPY of {@link #ROWS} rows of 1 KB each, out of the server or into it. The tag and the bytes received are checked. */
record Copies(Direction direction) implements Work {
    static final int ROWS = 4_096;

    /** Digits, filling and the line's end. */
    private static final int ROW_BYTES = 1 << 10;

    static final int BYTES = ROWS * ROW_BYTES;

    private static final int ROWS_PER_MESSAGE = 32;
    private static final byte[] LINES = ("0".repeat(BenchSchema.KEY_DIGITS)
                    + "x".repeat(ROW_BYTES - BenchSchema.KEY_DIGITS - 1) + "\n")
            .repeat(ROWS_PER_MESSAGE)
            .getBytes(StandardCharsets.US_ASCII);

    enum Direction {
        OUT("COPY pando_bench.copy_source TO STDOUT"),
        IN("COPY pando_bench.copy_target FROM STDIN");

        private final String sql;

        Direction(String sql) {
            this.sql = sql;
        }
    }

    @Override
    public void prepare(ByteBuf out) {}

    @Override
    public Requests requests(SplittableRandom random) {
        return new Client(direction);
    }

    private static final class Client implements Requests {
        private final Direction direction;
        private long received;
        private String tag = "";

        Client(Direction direction) {
            this.direction = direction;
        }

        @Override
        public void next(ByteBuf out) {
            received = 0;
            tag = "";
            Messages.query(out, direction.sql);
        }

        @Override
        public void copyIn(ByteBuf out) {
            for (int i = 0; i < ROWS / ROWS_PER_MESSAGE; i++) {
                int lengthAt = Messages.open(out, 'd');
                out.writeBytes(LINES);
                Messages.close(out, lengthAt);
            }
            Messages.close(out, Messages.open(out, 'c'));
        }

        @Override
        public void message(byte type, ByteBuf body) {
            if (type == 'd') {
                received += body.readableBytes();
            } else if (type == 'C') {
                tag = body.toString(body.readerIndex(), body.readableBytes() - 1, StandardCharsets.US_ASCII);
            }
        }

        @Override
        public @Nullable String wrong() {
            long expected = direction == Direction.OUT ? BYTES : 0;
            return tag.equals("COPY " + ROWS) && received == expected
                    ? null
                    : "wrong answer: " + tag + ", " + received + " bytes of " + expected;
        }
    }
}

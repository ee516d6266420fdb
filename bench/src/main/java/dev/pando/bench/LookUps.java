package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Reads single rows by random keys and checks each: the answer has to hold as many rows as were asked for, each with the value that
 * belongs to its key, in order.
 */
record LookUps(Table table, Protocol protocol, long keys) implements Work {
    /** Statements before one Sync when pipelined. */
    static final int PIPELINE = 10;

    private static final String STATEMENT = "look";

    /** What a row holds beside its key. */
    enum Table {
        /** pgbench's accounts; the balance is the key. */
        ACCOUNTS("SELECT abalance FROM pando_bench.accounts WHERE aid = ", 0),
        /** Those of {@link Items}; the value is the key. */
        ITEMS("SELECT value FROM bench_items WHERE id = ", 0),
        ROWS_1_KB("SELECT body FROM pando_bench.rows_1_kb WHERE id = ", 1 << 10),
        ROWS_1_MB("SELECT body FROM pando_bench.rows_1_mb WHERE id = ", 1 << 20);

        private final String sql;
        private final int bytes;

        Table(String sql, int bytes) {
            this.sql = sql;
            this.bytes = bytes;
        }

        /** Whether {@code value} is that of {@code key}: the key, or the key in {@link BenchSchema#KEY_DIGITS} digits and filling. */
        boolean holds(ByteBuf value, int length, long key) {
            int digits = bytes == 0 ? length : BenchSchema.KEY_DIGITS;
            if (length != (bytes == 0 ? length : bytes) || value.readableBytes() < length) {
                return false;
            }
            long number = 0;
            for (int i = 0; i < digits; i++) {
                number = number * 10 + value.getByte(value.readerIndex() + i) - '0';
            }
            return number == key;
        }
    }

    @Override
    public int longestAnswer() {
        return Math.max(Frames.MAX_BYTES, 2 * table.bytes);
    }

    @Override
    public void prepare(ByteBuf out) {
        if (protocol == Protocol.PREPARED) {
            Messages.parse(out, STATEMENT, table.sql + "$1");
            Messages.sync(out);
        }
    }

    @Override
    public Requests requests(SplittableRandom random) {
        return new Client(this, random);
    }

    private static final class Client implements Requests {
        private final LookUps work;
        private final SplittableRandom random;
        private final long[] asked;
        private int rows;
        private int completed;
        private boolean differs;

        Client(LookUps work, SplittableRandom random) {
            this.work = work;
            this.random = random;
            this.asked = new long[work.protocol == Protocol.PIPELINED ? PIPELINE : 1];
        }

        @Override
        public void next(ByteBuf out) {
            rows = 0;
            completed = 0;
            for (int i = 0; i < asked.length; i++) {
                asked[i] = 1 + random.nextLong(work.keys);
            }
            switch (work.protocol) {
                case SIMPLE -> Messages.query(out, work.table.sql + asked[0]);
                case EXTENDED, PIPELINED -> {
                    for (long key : asked) {
                        Messages.parse(out, "", work.table.sql + "$1");
                        Messages.run(out, "", key);
                    }
                    Messages.sync(out);
                }
                case PREPARED -> {
                    Messages.run(out, STATEMENT, asked[0]);
                    Messages.sync(out);
                }
            }
        }

        @Override
        public void message(byte type, ByteBuf body) {
            if (type == 'D') {
                differs |= rows == asked.length
                        || body.readShort() != 1
                        || !work.table.holds(body, body.readInt(), asked[rows]);
                rows++;
            } else if (type == 'C') {
                completed++;
            }
        }

        @Override
        public @Nullable String wrong() {
            if (rows != asked.length || completed != asked.length) {
                return "wrong answer: " + rows + " rows of " + completed + " statements, asked for " + asked.length;
            }
            return differs ? "wrong answer: a row is not that of the key asked for" : null;
        }
    }
}

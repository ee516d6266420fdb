package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * pgbench's transaction, "TPC-B (sort of)": five statements between BEGIN and END, each sent when the last one is answered, or all
 * before one Sync when pipelined. What it leaves in the tables is checked by {@link BenchSchema#transfers}.
 */
record Transfers(Protocol protocol, int scale) implements Work {
    static final int ACCOUNTS_PER_BRANCH = 100_000;
    static final int TELLERS_PER_BRANCH = 10;

    private static final int GREATEST_DELTA = 5_000;

    /** Parameters of all: account, branch, teller, delta, as far as they are named. */
    private static final String[] STATEMENTS = {
        "BEGIN",
        "UPDATE pando_bench.transfer_accounts SET abalance = abalance + $2 WHERE aid = $1",
        "SELECT abalance FROM pando_bench.transfer_accounts WHERE aid = $1",
        "UPDATE pando_bench.tellers SET tbalance = tbalance + $2 WHERE tid = $1",
        "UPDATE pando_bench.branches SET bbalance = bbalance + $2 WHERE bid = $1",
        "INSERT INTO pando_bench.history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)",
        "END"
    };

    @Override
    public void prepare(ByteBuf out) {
        if (protocol == Protocol.PREPARED) {
            for (int i = 0; i < STATEMENTS.length; i++) {
                Messages.parse(out, "t" + i, STATEMENTS[i]);
            }
            Messages.sync(out);
        }
    }

    @Override
    public Requests requests(SplittableRandom random) {
        return new Client(this, random);
    }

    private static final class Client implements Requests {
        private final Transfers work;
        private final SplittableRandom random;
        private final long[][] values = new long[STATEMENTS.length][];
        private int at;
        private int completed;
        private int rows;

        Client(Transfers work, SplittableRandom random) {
            this.work = work;
            this.random = random;
        }

        @Override
        public void next(ByteBuf out) {
            long account = 1 + random.nextLong((long) work.scale * ACCOUNTS_PER_BRANCH);
            long branch = 1 + random.nextLong(work.scale);
            long teller = 1 + random.nextLong((long) work.scale * TELLERS_PER_BRANCH);
            long delta = random.nextLong(-GREATEST_DELTA, GREATEST_DELTA + 1);
            int i = 0;
            values[i++] = new long[0];
            values[i++] = new long[] {account, delta};
            values[i++] = new long[] {account};
            values[i++] = new long[] {teller, delta};
            values[i++] = new long[] {branch, delta};
            values[i++] = new long[] {teller, branch, account, delta};
            values[i] = new long[0];
            completed = 0;
            rows = 0;
            at = 0;
            ready(out);
        }

        @Override
        public void ready(ByteBuf out) {
            if (at == STATEMENTS.length) {
                return;
            }
            switch (work.protocol) {
                case SIMPLE -> Messages.query(out, literal(STATEMENTS[at], values[at]));
                case EXTENDED -> {
                    extended(out, at);
                    Messages.sync(out);
                }
                case PREPARED -> {
                    Messages.run(out, "t" + at, values[at]);
                    Messages.sync(out);
                }
                case PIPELINED -> {
                    for (; at < STATEMENTS.length - 1; at++) {
                        extended(out, at);
                    }
                    extended(out, at);
                    Messages.sync(out);
                }
            }
            at++;
        }

        private void extended(ByteBuf out, int statement) {
            Messages.parse(out, "", STATEMENTS[statement]);
            Messages.run(out, "", values[statement]);
        }

        private static String literal(String sql, long[] values) {
            String text = sql;
            for (int i = 0; i < values.length; i++) {
                text = text.replace("$" + (i + 1), Long.toString(values[i]));
            }
            return text;
        }

        @Override
        public void message(byte type, ByteBuf body) {
            if (type == 'D') {
                rows++;
            } else if (type == 'C') {
                String tag = body.toString(body.readerIndex(), body.readableBytes() - 1, StandardCharsets.US_ASCII);
                completed += changedOne(tag) ? 1 : 0;
            }
        }

        private static boolean changedOne(String tag) {
            return tag.equals("BEGIN") || tag.equals("COMMIT") || tag.endsWith(" 1");
        }

        @Override
        public @Nullable String wrong() {
            return completed == STATEMENTS.length && rows == 1
                    ? null
                    : "wrong answer: " + completed + " of " + STATEMENTS.length + " statements did their work, " + rows
                            + " rows";
        }
    }
}

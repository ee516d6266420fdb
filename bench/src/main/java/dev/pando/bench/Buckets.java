package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks for a whole bucket of {@link Items}, which lies on all shards, and checks the answer. Statements are prepared once. */
final class Buckets implements Work {
    /** Rows of an ordered answer. */
    static final int FIRST = 10;

    private static final String STATEMENT = "b";

    enum Statement {
        AGGREGATE("SELECT count(*), sum(value) FROM bench_items WHERE bucket = $1"),
        ORDERED("SELECT id FROM bench_items WHERE bucket = $1 ORDER BY id LIMIT " + FIRST),
        /** Each client changes a bucket of its own, so that none waits for another's row. */
        UPDATE("UPDATE bench_items SET hits = hits + 1 WHERE bucket = $1");

        private final String sql;

        Statement(String sql) {
            this.sql = sql;
        }
    }

    private final Statement statement;
    private final AtomicInteger clients = new AtomicInteger();

    Buckets(Statement statement) {
        this.statement = statement;
    }

    @Override
    public void prepare(ByteBuf out) {
        Messages.parse(out, STATEMENT, statement.sql);
        Messages.sync(out);
    }

    @Override
    public Requests requests(SplittableRandom random) {
        return new Client(statement, random, clients.getAndIncrement() % Items.BUCKETS);
    }

    private static final class Client implements Requests {
        private final Statement statement;
        private final SplittableRandom random;
        private final int own;
        private int bucket;
        private int rows;
        private boolean differs;
        private String tag = "";

        Client(Statement statement, SplittableRandom random, int own) {
            this.statement = statement;
            this.random = random;
            this.own = own;
        }

        @Override
        public void next(ByteBuf out) {
            bucket = statement == Statement.UPDATE ? own : random.nextInt(Items.BUCKETS);
            rows = 0;
            differs = false;
            tag = "";
            Messages.run(out, STATEMENT, bucket);
            Messages.sync(out);
        }

        @Override
        public void message(byte type, ByteBuf body) {
            if (type == 'D') {
                differs |= !expected().equals(values(body));
                rows++;
            } else if (type == 'C') {
                tag = body.toString(body.readerIndex(), body.readableBytes() - 1, StandardCharsets.US_ASCII);
            }
        }

        /** The row that is due. */
        private String expected() {
            long first = Items.firstKey(bucket);
            return switch (statement) {
                case AGGREGATE ->
                    Items.PER_BUCKET + " " + (Items.PER_BUCKET * first + Items.PER_BUCKET * (Items.PER_BUCKET - 1) / 2);
                case ORDERED -> Long.toString(first + rows);
                case UPDATE -> "";
            };
        }

        private static String values(ByteBuf body) {
            StringBuilder values = new StringBuilder();
            for (int columns = body.readShort(); columns > 0; columns--) {
                int length = body.readInt();
                values.append(values.isEmpty() ? "" : " ")
                        .append(length < 0 ? "NULL" : body.readCharSequence(length, StandardCharsets.US_ASCII));
            }
            return values.toString();
        }

        @Override
        public @Nullable String wrong() {
            String due = switch (statement) {
                case AGGREGATE -> "SELECT 1";
                case ORDERED -> "SELECT " + FIRST;
                case UPDATE -> "UPDATE " + Items.PER_BUCKET;
            };
            if (!tag.equals(due)) {
                return "wrong answer: " + tag + " instead of " + due;
            }
            return differs ? "wrong answer: a row is not the one that is due" : null;
        }
    }
}

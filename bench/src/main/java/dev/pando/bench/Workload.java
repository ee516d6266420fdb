package dev.pando.bench;

import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What clients send: one autocommitted INSERT of one row under a fresh random key, as Bind, Execute and Sync of a statement prepared once
 * per connection. Parameters are binary.
 */
enum Workload implements Work {
    /** New users only. */
    USERS,
    /** Each new user is followed by a message of theirs, which has to land on the same shard. */
    MESSAGES;

    private static final String USER = "INSERT INTO users (id, name, email, region) VALUES ($1, $2, $3, $4)";
    private static final String MESSAGE = "INSERT INTO messages (id, user_id, body) VALUES ($1, $2, $3)";
    private static final String[] REGIONS = {"eu", "us", "apac"};

    /** The tables that get rows. */
    List<String> tables() {
        return switch (this) {
            case USERS -> List.of("users");
            case MESSAGES -> List.of("users", "messages");
        };
    }

    /** Appends Parse for each statement and one Sync. */
    @Override
    public void prepare(ByteBuf out) {
        Messages.parse(out, "u", USER);
        if (this == MESSAGES) {
            Messages.parse(out, "m", MESSAGE);
        }
        Messages.sync(out);
    }

    @Override
    public Work.Requests requests(SplittableRandom random) {
        return new Requests(this, random, true);
    }

    /** The same rows, with each statement parsed anew: what every pooler understands in transaction mode. */
    Work unprepared() {
        return new Work() {
            @Override
            public void prepare(ByteBuf out) {}

            @Override
            public Work.Requests requests(SplittableRandom random) {
                return new Workload.Requests(Workload.this, random, false);
            }
        };
    }

    /** The requests of one client, in order. One per connection, one thread. */
    static final class Requests implements Work.Requests {
        private final Workload workload;
        private final SplittableRandom random;
        private long userHigh;
        private long userLow;
        private final boolean prepared;
        private boolean messageNext;
        private boolean completed;

        Requests(Workload workload, SplittableRandom random, boolean prepared) {
            this.workload = workload;
            this.random = random;
            this.prepared = prepared;
        }

        @Override
        public void next(ByteBuf out) {
            completed = false;
            if (messageNext) {
                message(out);
            } else {
                user(out);
            }
            messageNext = workload == MESSAGES && !messageNext;
            Messages.execute(out);
            Messages.sync(out);
        }

        @Override
        public void message(byte type, ByteBuf body) {
            completed |= type == 'C';
        }

        @Override
        public @Nullable String wrong() {
            return completed ? null : "server was ready without having completed the INSERT";
        }

        private String named(ByteBuf out, String name, String sql) {
            if (prepared) {
                return name;
            }
            Messages.parse(out, "", sql);
            return "";
        }

        private void user(ByteBuf out) {
            userHigh = version4(random.nextLong());
            userLow = variant2(random.nextLong());
            String name = Long.toHexString(userHigh >>> 16);
            int lengthAt = bind(out, named(out, "u", USER), 4);
            uuid(out, userHigh, userLow);
            Messages.text(out, "User " + name);
            Messages.text(out, name + "@example.org");
            Messages.text(out, REGIONS[(int) Long.remainderUnsigned(userHigh, REGIONS.length)]);
            bound(out, lengthAt);
        }

        private void message(ByteBuf out) {
            int lengthAt = bind(out, named(out, "m", MESSAGE), 3);
            uuid(out, version4(random.nextLong()), variant2(random.nextLong()));
            uuid(out, userHigh, userLow);
            Messages.text(out, "Hello from the load generator.");
            bound(out, lengthAt);
        }
    }

    private static int bind(ByteBuf out, String statement, int parameters) {
        int lengthAt = Messages.open(out, 'B');
        out.writeByte(0);
        Strings.writeZeroTerminated(out, statement);
        out.writeShort(1).writeShort(1).writeShort(parameters);
        return lengthAt;
    }

    private static void bound(ByteBuf out, int lengthAt) {
        out.writeShort(0);
        Messages.close(out, lengthAt);
    }

    private static void uuid(ByteBuf out, long high, long low) {
        out.writeInt(16).writeLong(high).writeLong(low);
    }

    /** Sets the version bits of a random UUID's first half (RFC 9562, 5.4). */
    static long version4(long high) {
        return (high & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
    }

    /** Sets the variant bits of a random UUID's second half. */
    static long variant2(long low) {
        return (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    }
}

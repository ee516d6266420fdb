package dev.pando.core.sight;

import dev.pando.base.sql.Shape;
import dev.pando.core.route.Planned;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement under way. Owned by its session while it runs and by the loop's {@link LoopSight} before and after, which uses it again: who
 * is shown one must have read it when the call returns. Times are nanoseconds of the loop's clock.
 */
public final class Flight {
    @Nullable
    Flight next;

    @Nullable
    Planned planned;

    private Account account = LoopSight.NOBODY;
    private final long[] parts = new long[Part.ALL.size()];
    private long[] shards = new long[1];
    private final TraceParent trace = new TraceParent();
    private boolean failed;
    private boolean crowded;

    List<String> searchPath = List.of();
    long id;
    long began;
    long ended;
    long rows;
    long received;
    long sent;
    /** When the last of several shards had answered, and how long the client had kept it waiting until then. */
    long answeredAt;

    long stalledBefore;

    void begin(Account on, @Nullable Planned what, long now) {
        account = on;
        planned = what;
        began = now;
    }

    void clear() {
        next = null;
        planned = null;
        account = LoopSight.NOBODY;
        Arrays.fill(parts, 0);
        Arrays.fill(shards, 0);
        trace.clear();
        failed = false;
        crowded = false;
        searchPath = List.of();
        id = 0;
        began = 0;
        ended = 0;
        rows = 0;
        received = 0;
        sent = 0;
        answeredAt = 0;
        stalledBefore = 0;
    }

    /** Of its statement, once it has ended. */
    public long id() {
        return id;
    }

    public Account account() {
        return account;
    }

    /** Null of a request that is not read. */
    public @Nullable Planned planned() {
        return planned;
    }

    Shape shape() {
        Planned known = planned;
        return known == null ? StatementTable.UNREAD : known.shaped().shape();
    }

    public long began() {
        return began;
    }

    /** All of its time. */
    public long nanos() {
        return Math.max(0, ended - began);
    }

    public long part(Part part) {
        return parts[part.place()];
    }

    void add(Part part, long nanos) {
        parts[part.place()] += nanos;
    }

    /** The server's part is what the others leave. */
    void end(long now, boolean unsuccessful) {
        ended = now;
        failed = unsuccessful;
        long stalled = part(Part.CLIENT);
        if (answeredAt != 0) {
            parts[Part.MERGE.place()] = Math.max(0, now - answeredAt - (stalled - stalledBefore));
        }
        long others = part(Part.QUEUE) + part(Part.PLAN) + part(Part.MERGE) + stalled;
        parts[Part.BACKEND.place()] = Math.max(0, nanos() - others);
    }

    /** It ran behind another one of the same client, which had not ended when it came. */
    void startsAt(long now) {
        if (now > began) {
            began = now;
            Arrays.fill(parts, 0);
        }
    }

    /** Came while another one was under way. */
    boolean crowded() {
        return crowded;
    }

    void crowd() {
        crowded = true;
    }

    public boolean failed() {
        return failed;
    }

    public long rows() {
        return rows;
    }

    /** Bytes from the client. */
    public long received() {
        return received;
    }

    /** Bytes to the client. */
    public long sent() {
        return sent;
    }

    void touch(int shard) {
        int word = shard >> 6;
        if (word >= shards.length) {
            shards = Arrays.copyOf(shards, word + 1);
        }
        shards[word] |= 1L << shard;
    }

    boolean touched(int shard) {
        int word = shard >> 6;
        return word < shards.length && (shards[word] & 1L << shard) != 0;
    }

    /** Adds the shards it has concerned, a bit each; what is returned takes the place of {@code others}. */
    long[] shardsInto(long[] others) {
        long[] sums = others.length < shards.length ? Arrays.copyOf(others, shards.length) : others;
        for (int i = 0; i < shards.length; i++) {
            sums[i] |= shards[i];
        }
        return sums;
    }

    /** How many shards it has concerned. */
    public int shardCount() {
        int count = 0;
        for (long word : shards) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Their numbers, in order. */
    public int[] shardNumbers() {
        return java.util.stream.IntStream.range(0, shards.length * Long.SIZE)
                .filter(this::touched)
                .toArray();
    }

    /** The only shard, -1 when there are several or none. */
    int onlyShard() {
        if (shardCount() != 1) {
            return -1;
        }
        int word = 0;
        while (shards[word] == 0) {
            word++;
        }
        return word * Long.SIZE + Long.numberOfTrailingZeros(shards[word]);
    }

    /** What it is a part of; not {@link TraceParent#known} for most. */
    public TraceParent trace() {
        return trace;
    }
}

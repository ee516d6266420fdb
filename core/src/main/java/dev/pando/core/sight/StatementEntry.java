package dev.pando.core.sight;

import dev.pando.base.sql.Shape;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one event loop has counted of one statement of one account. Owned by the loop. */
final class StatementEntry {
    private static final int LONGEST_WHY = 8;

    private final Account account;
    private final String text;
    private final long id;
    private final Kind kind;
    private final List<String> why;
    private final @Nullable String outline;
    private final List<String> searchPath;
    /** Shards it has concerned, a bit each. */
    private long[] places = new long[1];

    private final Latencies latencies = new Latencies();
    private final long[] parts = new long[Part.ALL.size()];
    private long calls;
    private long errors;
    private long rows;
    private long longest;
    private long received;
    private long sent;
    private long shards;
    private int mostShards;
    private long several;
    private @Nullable Repetition repetition;
    /** How much it is used, which fades. */
    private double use;

    /** {@code searchPath}: of the session that runs it. */
    StatementEntry(Account account, Shape shape, @Nullable Planned planned, List<String> searchPath) {
        this.account = account;
        this.searchPath = searchPath;
        this.text = StatementText.of(shape, planned);
        String made = Outline.of(shape, planned);
        // The same for most: kept once.
        this.outline = text.equals(made) ? text : made;
        this.id = id(account, text);
        this.kind = planned == null ? Kind.OTHER : Kind.of(planned, text);
        this.why = planned == null
                ? List.of()
                : planned.plan().why().stream().limit(LONGEST_WHY).toList();
    }

    /** The same on every loop and after every restart: FNV-1a over the names and the text, without its sign. */
    private static long id(Account account, String text) {
        String whole = account.database() + '\0' + account.user() + '\0' + text;
        long hash = 0xcbf29ce484222325L;
        for (byte b : whole.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash & Long.MAX_VALUE;
    }

    /** What a statement does, as far as asking it many times has a remedy. */
    enum Kind {
        SELECT,
        INSERT,
        UPDATE,
        DELETE,
        /** Not to be reported: of the session, of a cursor, or without anything that could differ. */
        OTHER;

        static Kind of(Planned planned, String text) {
            Command command = planned.plan().command();
            boolean plain = command instanceof Command.Read || command instanceof Command.Write;
            boolean varies = planned.shaped().slots() > 0 || planned.shaped().parameters() > 0;
            if (!plain || !varies) {
                return OTHER;
            }
            return switch (planned.shaped().word(0)) {
                case "select" -> text.contains(" from ") ? SELECT : OTHER;
                case "with" -> SELECT;
                case "insert" -> INSERT;
                case "update" -> UPDATE;
                case "delete" -> DELETE;
                default -> OTHER;
            };
        }
    }

    Kind kind() {
        return kind;
    }

    long id() {
        return id;
    }

    Account account() {
        return account;
    }

    String text() {
        return text;
    }

    void add(Flight flight) {
        calls++;
        use++;
        errors += flight.failed() ? 1 : 0;
        rows += flight.rows;
        received += flight.received;
        sent += flight.sent;
        int touched = flight.shardCount();
        places = flight.shardsInto(places);
        shards += touched;
        several += touched > 1 ? 1 : 0;
        mostShards = Math.max(mostShards, touched);
        long nanos = flight.nanos();
        longest = Math.max(longest, nanos);
        latencies.add(nanos);
        for (Part part : Part.ALL) {
            parts[part.place()] += flight.part(part);
        }
    }

    double use() {
        return use;
    }

    void fade(double factor) {
        use *= factor;
    }

    long calls() {
        return calls;
    }

    /** How it is asked many times; made when it is first. */
    Repetition repetition() {
        Repetition known = repetition;
        if (known == null) {
            known = new Repetition(Remedy.of(kind, text));
            repetition = known;
        }
        return known;
    }

    /** How often it was one question asked many times; null for never. */
    SightCounts.@Nullable Repeated repeated() {
        Repetition known = repetition;
        return known == null ? null : known.counts();
    }

    Explainable explainable() {
        List<ShardId> concerned =
                BitSet.valueOf(places).stream().mapToObj(ShardId::new).toList();
        return new Explainable(id, account, text, outline, searchPath, concerned, several > 0);
    }

    StatementStats snapshot() {
        Repetition repeated = repetition;
        return new StatementStats(
                id,
                account,
                text,
                why,
                new StatementStats.Counts(calls, errors, rows, received, sent, shards, several, mostShards),
                parts.clone(),
                longest,
                latencies.copy(),
                repeated == null ? null : repeated.snapshot());
    }
}

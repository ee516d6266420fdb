package dev.pando.server.admin;

import dev.pando.core.sight.Part;
import dev.pando.core.sight.StatementStats;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What statements can be sorted by; each is a column of SHOW STATEMENTS and a key of the API. Times are microseconds. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
public enum StatementOrder {
    CALLS(each -> each.counts().calls()),
    ERRORS(each -> each.counts().errors()),
    ROWS(each -> each.counts().rows()),
    TOTAL_TIME(each -> micros(each.total())),
    MEAN_TIME(each -> micros(each.mean())),
    P50_TIME(each -> micros(each.percentile(0.5))),
    P95_TIME(each -> micros(each.percentile(0.95))),
    P99_TIME(each -> micros(each.percentile(0.99))),
    MAX_TIME(each -> micros(each.longest())),
    QUEUE_TIME(each -> micros(each.part(Part.QUEUE))),
    PLAN_TIME(each -> micros(each.part(Part.PLAN))),
    BACKEND_TIME(each -> micros(each.part(Part.BACKEND))),
    MERGE_TIME(each -> micros(each.part(Part.MERGE))),
    CLIENT_TIME(each -> micros(each.part(Part.CLIENT))),
    SHARDS(each -> each.counts().shards()),
    MAX_SHARDS(each -> each.counts().mostShards()),
    MULTI_SHARD_CALLS(each -> each.counts().several()),
    RECEIVED(each -> each.counts().received()),
    SENT(each -> each.counts().sent());

    private final ToLongFunction<StatementStats> number;

    StatementOrder(ToLongFunction<StatementStats> number) {
        this.number = number;
    }

    private static long micros(long nanos) {
        return PoolerTables.micros(nanos);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public long of(StatementStats statement) {
        return number.applyAsLong(statement);
    }

    /** Null when there is none of that name. */
    public static @Nullable StatementOrder named(String word) {
        return Arrays.stream(values())
                .filter(order -> order.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(StatementOrder::word).toList();
    }

    /** The first so many, the largest first unless {@code ascending}. */
    public List<StatementStats> sorted(List<StatementStats> statements, boolean ascending, int most) {
        Comparator<StatementStats> smallest = Comparator.comparingLong(this::of)
                .thenComparing(Comparator.comparing(StatementStats::text).reversed());
        return statements.stream()
                .sorted(ascending ? smallest : smallest.reversed())
                .limit(most)
                .toList();
    }
}

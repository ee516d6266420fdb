package dev.pando.server.http;

import dev.pando.core.sight.Part;
import dev.pando.core.sight.RepetitionStats;
import dev.pando.core.sight.SightStats;
import dev.pando.core.sight.StatementStats;
import dev.pando.server.admin.StatementOrder;
import dev.pando.server.admin.StatementPlan;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code GET /api/v1/statements}; docs/http.md describes it. Times are microseconds. Texts are shapes, without literals.
 *
 * @param known how many statements there are in all
 */
public record StatementsReport(int known, long dropped, long droppedCalls, List<Seen> statements) {
    /** One statement of one user in one database. */
    public record Seen(
            String id,
            String database,
            String user,
            long calls,
            long errors,
            long rows,
            Micros time,
            Where parts,
            long shards,
            long multiShardCalls,
            int maxShards,
            long receivedBytes,
            long sentBytes,
            String statement,
            List<String> plan) {}

    /** How long it takes. */
    public record Micros(long total, long mean, long p50, long p95, long p99, long max) {}

    /** Where the total goes. */
    public record Where(long queue, long planning, long backend, long merge, long client) {}

    static StatementsReport of(SightStats sight, StatementOrder order, boolean ascending, int most) {
        return new StatementsReport(
                sight.statements().size(),
                sight.dropped(),
                sight.droppedCalls(),
                order.sorted(sight.statements(), ascending, most).stream()
                        .map(StatementsReport::seen)
                        .toList());
    }

    private static Seen seen(StatementStats statement) {
        StatementStats.Counts counts = statement.counts();
        return new Seen(
                Long.toString(statement.id()),
                statement.account().database(),
                statement.account().user(),
                counts.calls(),
                counts.errors(),
                counts.rows(),
                new Micros(
                        micros(statement.total()),
                        micros(statement.mean()),
                        micros(statement.percentile(0.5)),
                        micros(statement.percentile(0.95)),
                        micros(statement.percentile(0.99)),
                        micros(statement.longest())),
                new Where(
                        micros(statement.part(Part.QUEUE)),
                        micros(statement.part(Part.PLAN)),
                        micros(statement.part(Part.BACKEND)),
                        micros(statement.part(Part.MERGE)),
                        micros(statement.part(Part.CLIENT))),
                counts.shards(),
                counts.several(),
                counts.mostShards(),
                counts.received(),
                counts.sent(),
                statement.text(),
                statement.why());
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    /** The body of {@code GET /api/v1/statements/{id}/plan}. */
    public record Plan(String id, String database, String user, String asked, List<OnShards> plans) {
        static Plan of(StatementPlan plan) {
            return new Plan(
                    Long.toString(plan.id()),
                    plan.database(),
                    plan.user(),
                    plan.asked(),
                    plan.plans().stream()
                            .map(some -> new OnShards(some.shards(), some.lines()))
                            .toList());
        }
    }

    /** What shards would do alike. */
    public record OnShards(List<String> shards, List<String> lines) {}

    /** The body of {@code GET /api/v1/statements/repeats}. */
    public record Repeats(List<Repeated> repeats) {
        static Repeats of(SightStats sight) {
            return new Repeats(sight.statements().stream()
                    .filter(statement -> statement.repetition() != null)
                    .map(Repeats::repeated)
                    .sorted(Comparator.comparingLong((Repeated each) -> each.statementMicros() + each.pauseMicros())
                            .reversed())
                    .toList());
        }

        private static Repeated repeated(StatementStats statement) {
            RepetitionStats found = Objects.requireNonNull(statement.repetition());
            return new Repeated(
                    Long.toString(statement.id()),
                    statement.account().database(),
                    statement.account().user(),
                    found.runs(),
                    found.repeats(),
                    found.longest(),
                    micros(found.nanos()),
                    micros(found.pauses()),
                    statement.text(),
                    found.after(),
                    found.remedy().batched(),
                    found.remedy().advice());
        }
    }

    /** One question asked many times. */
    public record Repeated(
            String id,
            String database,
            String user,
            long runs,
            long repeats,
            long longestRun,
            long statementMicros,
            long pauseMicros,
            String statement,
            @Nullable String after,
            @Nullable String batched,
            String advice) {}
}

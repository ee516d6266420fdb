package dev.pando.core.sight;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Statements at a moment, each by itself: thousands of rows, made for who looks at them. {@link SightCounts} is what monitoring asks for.
 *
 * @param dropped statements that had to make room for others since the last reset
 * @param droppedCalls how often those had been called
 */
public record SightStats(List<StatementStats> statements, long dropped, long droppedCalls) {
    public static final SightStats NONE = new SightStats(List.of(), 0, 0);

    public SightStats {
        statements = List.copyOf(statements);
    }

    /** Of several event loops together. */
    public static SightStats sum(List<SightStats> loops) {
        Map<Long, StatementStats> statements = new LinkedHashMap<>();
        long dropped = 0;
        long droppedCalls = 0;
        for (SightStats loop : loops) {
            loop.statements.forEach(each -> statements.merge(each.id(), each, StatementStats::plus));
            dropped += loop.dropped;
            droppedCalls += loop.droppedCalls;
        }
        return new SightStats(List.copyOf(statements.values()), dropped, droppedCalls);
    }
}

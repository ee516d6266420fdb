package dev.pando.core.sight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is seen of statements at a moment.
 *
 * @param dropped statements that had to make room for others since the last reset
 * @param droppedCalls how often those had been called
 */
public record SightStats(List<StatementStats> statements, List<TallyStats> tallies, long dropped, long droppedCalls) {
    public static final SightStats NONE = new SightStats(List.of(), List.of(), 0, 0);

    public SightStats {
        statements = List.copyOf(statements);
        tallies = List.copyOf(tallies);
    }

    /** Of several event loops together, at most this many accounts apart from the others. */
    public static SightStats sum(List<SightStats> loops, int mostAccounts) {
        Map<Long, StatementStats> statements = new LinkedHashMap<>();
        Map<Account, TallyStats> tallies = new LinkedHashMap<>();
        long dropped = 0;
        long droppedCalls = 0;
        for (SightStats loop : loops) {
            loop.statements.forEach(each -> statements.merge(each.id(), each, StatementStats::plus));
            loop.tallies.forEach(each -> tallies.merge(each.account(), each, TallyStats::plus));
            dropped += loop.dropped;
            droppedCalls += loop.droppedCalls;
        }
        return new SightStats(List.copyOf(statements.values()), bounded(tallies, mostAccounts), dropped, droppedCalls);
    }

    private static List<TallyStats> bounded(Map<Account, TallyStats> tallies, int most) {
        List<TallyStats> all = new ArrayList<>(tallies.values());
        all.sort(Comparator.comparing((TallyStats each) -> each.account().database())
                .thenComparing(each -> each.account().user()));
        return all.subList(0, Math.min(all.size(), most));
    }
}

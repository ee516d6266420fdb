package dev.pando.core.sight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What monitoring asks for, often: histograms per account and database, and how many statements there are; none of them by itself.
 *
 * @param accounts in the order of their names
 * @param databases all that was ever counted for each: it never falls, though accounts may go, for the first {@link
 *     LoopSight#MOST_DATABASES} databases of a loop that accounts have gone from; of further ones what those had goes to {@link
 *     Accounts#OTHERS}, and falls by as much
 * @param shapes statements that are counted apart
 * @param dropped of them that had to make room for others since the last reset
 * @param repeated statements that were one question asked many times, by database
 */
public record SightCounts(
        List<TallyStats> accounts,
        Map<String, TallyStats> databases,
        int shapes,
        long dropped,
        Map<String, Repeated> repeated) {
    public static final SightCounts NONE = new SightCounts(List.of(), Map.of(), 0, 0, Map.of());

    /**
     * One question asked many times.
     *
     * @param runs how often that happened
     * @param statements in all of them
     */
    public record Repeated(long runs, long statements) {
        public static final Repeated NONE = new Repeated(0, 0);

        Repeated plus(Repeated other) {
            return new Repeated(runs + other.runs, statements + other.statements);
        }
    }

    /**
     * The same of one event loop.
     *
     * @param departed of accounts that are no longer counted apart, by database, and of those there is no place for under {@link
     *     Accounts#OTHERS}
     * @param shapes the numbers of its statements
     */
    @SuppressWarnings("ArrayRecordComponent") // made anew for each reading and given to nobody else
    public record OfLoop(
            Map<Accounts.Seat, TallyStats> tallies,
            Map<String, TallyStats> departed,
            long[] shapes,
            long dropped,
            Map<String, Repeated> repeated) {}

    /** Of several event loops together. Whoever has given up his place by now has no numbers of his own, on whatever loop they are. */
    public static SightCounts sum(List<OfLoop> loops) {
        Map<Account, TallyStats> accounts = new LinkedHashMap<>();
        Map<String, TallyStats> databases = new TreeMap<>();
        Map<String, Repeated> repeated = new TreeMap<>();
        long dropped = 0;
        for (OfLoop loop : loops) {
            loop.departed.forEach((database, tally) -> databases.merge(database, tally, TallyStats::plus));
            loop.repeated.forEach((database, each) -> repeated.merge(database, each, Repeated::plus));
            dropped += loop.dropped;
        }
        Map<Accounts.Seat, TallyStats> seats = new LinkedHashMap<>();
        loops.forEach(loop -> loop.tallies.forEach((seat, tally) -> seats.merge(seat, tally, TallyStats::plus)));
        seats.forEach((seat, tally) -> {
            databases.merge(tally.account().database(), tally, TallyStats::plus);
            if (!seat.over()) {
                accounts.merge(tally.account(), tally, TallyStats::plus);
            }
        });
        List<TallyStats> sorted = new ArrayList<>(accounts.values());
        sorted.sort(Comparator.comparing((TallyStats each) -> each.account().database())
                .thenComparing(each -> each.account().user()));
        return new SightCounts(sorted, databases, distinct(loops), dropped, repeated);
    }

    private static int distinct(List<OfLoop> loops) {
        long[] all = loops.stream()
                .flatMapToLong(loop -> Arrays.stream(loop.shapes))
                .sorted()
                .toArray();
        int found = 0;
        for (int i = 0; i < all.length; i++) {
            found += i == 0 || all[i] != all[i - 1] ? 1 : 0;
        }
        return found;
    }
}

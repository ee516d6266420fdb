package dev.pando.core.sight;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Histograms of one account at a moment.
 *
 * @param times of its statements
 * @param parts where their time went, in the order of {@link Part}
 * @param shards how long each shard took, by its number; null where nothing went
 */
public record TallyStats(
        Account account, Times times, List<Times> parts, List<@Nullable Times> shards, long errors, long rows) {
    /** Of the part of all statements. */
    public Times part(Part part) {
        return parts.get(part.place());
    }

    /** Another one's numbers added; this account stays. */
    public TallyStats plus(TallyStats other) {
        List<Times> sums = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            sums.add(sum(parts.get(i), other.parts.get(i)));
        }
        List<@Nullable Times> both = new ArrayList<>();
        for (int i = 0; i < Math.max(shards.size(), other.shards.size()); i++) {
            Times mine = i < shards.size() ? shards.get(i) : null;
            Times theirs = i < other.shards.size() ? other.shards.get(i) : null;
            both.add(mine == null ? theirs : theirs == null ? mine : sum(mine, theirs));
        }
        return new TallyStats(account, sum(times, other.times), sums, both, errors + other.errors, rows + other.rows);
    }

    private static Times sum(Times one, Times other) {
        Times both = one.copy();
        both.add(other);
        return both;
    }
}

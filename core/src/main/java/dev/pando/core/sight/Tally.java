package dev.pando.core.sight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The histograms of one account on one event loop, which owns it: of all its statements, of where their time went, and of each shard.
 */
final class Tally {
    private final Accounts.Seat seat;
    private final Times times = new Times();
    private final Times[] parts = new Times[Part.ALL.size()];
    private final List<@Nullable Times> shards = new ArrayList<>();
    private long errors;
    private long rows;

    Tally(Accounts.Seat seat) {
        this.seat = seat;
        Arrays.setAll(parts, part -> new Times());
    }

    Accounts.Seat seat() {
        return seat;
    }

    void add(Flight flight) {
        times.add(flight.nanos());
        errors += flight.failed() ? 1 : 0;
        rows += flight.rows();
        for (Part part : Part.ALL) {
            parts[part.place()].add(flight.part(part));
        }
        int shard = flight.onlyShard();
        if (shard >= 0) {
            answered(shard, flight.part(Part.BACKEND));
        }
    }

    /** A shard took that long. */
    void answered(int shard, long nanos) {
        while (shards.size() <= shard) {
            shards.add(null);
        }
        Times known = shards.get(shard);
        if (known == null) {
            known = new Times();
            shards.set(shard, known);
        }
        known.add(nanos);
    }

    void failed() {
        errors++;
    }

    TallyStats snapshot() {
        List<@Nullable Times> copies = new ArrayList<>();
        shards.forEach(shard -> copies.add(shard == null ? null : shard.copy()));
        return new TallyStats(
                seat.account(),
                times.copy(),
                Arrays.stream(parts).map(Times::copy).toList(),
                copies,
                errors,
                rows);
    }
}

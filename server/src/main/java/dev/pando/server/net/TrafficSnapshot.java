package dev.pando.server.net;

import dev.pando.server.admin.Totals;
import java.time.Duration;

/**
 * Traffic with one shard or of all clients.
 *
 * @param total since the start
 * @param recent of the last period that is over, see {@link #PERIOD}
 */
public record TrafficSnapshot(Totals total, Totals recent) {
    public static final Duration PERIOD = Traffic.PERIOD;
    public static final TrafficSnapshot NONE = new TrafficSnapshot(Totals.NONE, Totals.NONE);

    TrafficSnapshot plus(TrafficSnapshot other) {
        return new TrafficSnapshot(total.plus(other.total), recent.plus(other.recent));
    }
}

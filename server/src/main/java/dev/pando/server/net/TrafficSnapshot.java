package dev.pando.server.net;

import dev.pando.server.admin.Totals;

/**
 * Traffic with one shard or of all clients.
 *
 * @param total since the start
 * @param recent of the last period that is over
 */
public record TrafficSnapshot(Totals total, Totals recent) {
    public static final TrafficSnapshot NONE = new TrafficSnapshot(Totals.NONE, Totals.NONE);

    TrafficSnapshot plus(TrafficSnapshot other) {
        return new TrafficSnapshot(total.plus(other.total), recent.plus(other.recent));
    }
}

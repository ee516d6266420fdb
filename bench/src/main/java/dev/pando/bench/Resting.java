package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy costs before it works.
 *
 * @param restKilobytes in memory after that
 * @param idleClients clients that logged in and did nothing
 * @param idleKilobytes in memory with those; null when they could not all log in
 */
record Resting(
        Kind kind,
        @Nullable StartUps startUps,
        long restKilobytes,
        int idleClients,
        @Nullable Long idleKilobytes) {
    /** Memory that each idle client adds. */
    double kilobytesPerClient() {
        return idleKilobytes == null || idleClients == 0
                ? Double.NaN
                : (double) (idleKilobytes - restKilobytes) / idleClients;
    }

    boolean clean() {
        return idleKilobytes != null;
    }
}

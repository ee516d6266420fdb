package dev.pando.bench;

import java.util.List;
import java.util.Optional;

/**
 * Figures that were published for a sharded cluster of four primaries and four streaming replicas behind an HTTP API, with the same numbers
 * of clients. Other hardware and another protocol: a mark to aim at, not a comparison on equal terms.
 */
record Published(int clients, double requestsPerSecond, double successPercent, double meanMillis) {
    static final List<Published> WRITES = List.of(
            new Published(1_000, 384, 100, 2),
            new Published(5_000, 7_783, 99.7, 514),
            new Published(10_000, 6_245, 95.0, 1_250));

    /** Largest ÷ smallest shard of 1,002,372 users on an MD5 ring with 150 virtual nodes per shard. */
    static final double SPREAD = 1.109;

    static Optional<Published> at(int clients) {
        return WRITES.stream().filter(one -> one.clients() == clients).findFirst();
    }
}

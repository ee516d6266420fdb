package dev.pando.server.net;

import java.time.Duration;

/** Totals of one shard since the start. */
public record TrafficSnapshot(
        long leases, long statements, long errors, long sentBytes, long receivedBytes, Duration waited) {
    static final TrafficSnapshot NONE = new TrafficSnapshot(0, 0, 0, 0, 0, Duration.ZERO);

    static TrafficSnapshot of(Traffic traffic) {
        return new TrafficSnapshot(
                traffic.leases(),
                traffic.statements(),
                traffic.errors(),
                traffic.sentBytes(),
                traffic.receivedBytes(),
                Duration.ofNanos(traffic.waitedNanos()));
    }

    TrafficSnapshot plus(TrafficSnapshot other) {
        return new TrafficSnapshot(
                leases + other.leases,
                statements + other.statements,
                errors + other.errors,
                sentBytes + other.sentBytes,
                receivedBytes + other.receivedBytes,
                waited.plus(other.waited));
    }
}

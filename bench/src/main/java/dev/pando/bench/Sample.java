package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalLong;

/**
 * What one contestant did at one point in one round.
 *
 * @param perRequest transactions in a request; for COPY, megabytes
 * @param cpuSeconds processor time of the proxy in the window, user and system
 * @param residentKilobytes of the proxy at the window's end, or -1
 */
record Sample(StepResult step, int perRequest, double cpuSeconds, long residentKilobytes) {
    static Sample of(StepResult step, int perRequest, double cpuSeconds, OptionalLong resident) {
        return new Sample(step, perRequest, cpuSeconds, resident.orElse(-1));
    }

    /** Transactions per second; for COPY, megabytes per second. */
    @JsonProperty
    double rate() {
        return step.requestsPerSecond() * perRequest;
    }

    /** NaN where it is not known. */
    double residentMegabytes() {
        return residentKilobytes < 0 ? Double.NaN : residentKilobytes / 1024.0;
    }

    /** Seconds of processor time of the proxy for a million transactions; for COPY, for a million megabytes. */
    @JsonProperty
    double cpuPerMillion() {
        double done = (double) step.succeeded() * perRequest;
        return done > 0 ? cpuSeconds * 1e6 / done : 0;
    }
}

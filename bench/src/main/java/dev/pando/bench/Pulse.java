package dev.pando.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** How a step goes on while it runs. Event loops write it, the thread that runs the step reads it. */
final class Pulse {
    private static final int DIGITS = 3;

    private final Recorder latency = new Recorder(DIGITS);
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private @Nullable Histogram last;

    /** What was answered between two looks; latencies in milliseconds. */
    record Beat(long succeeded, long failed, double p50, double p99, double longest) {}

    void succeeded(long nanos) {
        acknowledged.increment();
        latency.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    void failed() {
        failures.increment();
    }

    /** Since the step began. */
    long acknowledged() {
        return acknowledged.sum();
    }

    /** Since it was last called. */
    Beat take() {
        Histogram micros = latency.getIntervalHistogram(last);
        last = micros;
        return new Beat(
                micros.getTotalCount(),
                failures.sumThenReset(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }
}

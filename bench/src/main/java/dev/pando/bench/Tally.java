package dev.pando.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one event loop counted. Written by its loop only; read by others after the loop handed it over.
 *
 * <p>Latencies and success are those of answers that arrived inside the measured window. Errors are kept from the whole step, so that a
 * warm-up that failed does not look clean.
 */
final class Tally {
    private static final int DIGITS = 3;
    private static final int DISTINCT_ERRORS = 50;

    /** Latencies in microseconds. */
    private final Histogram latency = new Histogram(DIGITS);

    private final Map<ServerError, Long> errors = new LinkedHashMap<>();
    private long succeeded;
    private long failed;
    private long acknowledged;
    private long open;
    private int connected;
    private int refused;

    void loggedIn() {
        connected++;
    }

    /** A client that could not log in when the step began. */
    void refused(ServerError error) {
        refused++;
        error(error);
    }

    void succeeded(long nanos, boolean measured) {
        acknowledged++;
        if (measured) {
            succeeded++;
            latency.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
        }
    }

    /** A request, or a reconnect in its place, that did not succeed. */
    void failed(ServerError error, boolean measured) {
        error(error);
        if (measured) {
            failed++;
        }
    }

    /** A request sent whose row may or may not have been committed. */
    void leftOpen() {
        open++;
    }

    private void error(ServerError error) {
        ServerError key = errors.containsKey(error) || errors.size() < DISTINCT_ERRORS
                ? error
                : new ServerError(error.sqlState(), "(further messages)");
        errors.merge(key, 1L, Long::sum);
    }

    void add(Tally other) {
        latency.add(other.latency);
        other.errors.forEach((error, count) -> errors.merge(error, count, Long::sum));
        succeeded += other.succeeded;
        failed += other.failed;
        acknowledged += other.acknowledged;
        open += other.open;
        connected += other.connected;
        refused += other.refused;
    }

    Histogram latency() {
        return latency;
    }

    Map<ServerError, Long> errors() {
        return errors;
    }

    /** Answered without an error inside the window. */
    long succeeded() {
        return succeeded;
    }

    /** Failed inside the window. */
    long failed() {
        return failed;
    }

    /** Rows that the server said were written, in the whole step. */
    long acknowledged() {
        return acknowledged;
    }

    long open() {
        return open;
    }

    int connected() {
        return connected;
    }

    int refused() {
        return refused;
    }
}

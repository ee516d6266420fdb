package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one number of clients gave.
 *
 * @param connected clients that logged in; the others are in {@code errors}
 * @param rampSeconds time to open all connections
 * @param windowSeconds time measured
 * @param succeeded requests answered without an error inside the window
 * @param failed requests that failed or were never answered inside the window, and one for each client that was refused
 * @param acknowledged rows the server said were written, warm-up and tail included
 * @param open requests whose row may or may not have been committed, because the connection failed first
 * @param inserted rows the database holds more than before the step, by count(*)
 */
record StepResult(
        int clients,
        int connected,
        double rampSeconds,
        double windowSeconds,
        long succeeded,
        long failed,
        @JsonProperty("latency_milliseconds") Latency latency,
        List<ErrorCount> errors,
        long acknowledged,
        long open,
        long inserted) {

    /** Milliseconds from sending a request to its ReadyForQuery. */
    record Latency(double mean, double p50, double p95, double p99, double p999, double max) {
        static Latency of(Histogram micros) {
            return new Latency(
                    micros.getMean() / 1e3,
                    micros.getValueAtPercentile(50) / 1e3,
                    micros.getValueAtPercentile(95) / 1e3,
                    micros.getValueAtPercentile(99) / 1e3,
                    micros.getValueAtPercentile(99.9) / 1e3,
                    micros.getMaxValue() / 1e3);
        }
    }

    record ErrorCount(String sqlState, String message, long count) {}

    StepResult {
        errors = List.copyOf(errors);
    }

    static StepResult of(int clients, double rampSeconds, double windowSeconds, Tally tally, long inserted) {
        return new StepResult(
                clients,
                tally.connected(),
                rampSeconds,
                windowSeconds,
                tally.succeeded(),
                tally.failed() + tally.refused(),
                Latency.of(tally.latency()),
                counted(tally.errors()),
                tally.acknowledged(),
                tally.open(),
                inserted);
    }

    private static List<ErrorCount> counted(Map<ServerError, Long> errors) {
        return errors.entrySet().stream()
                .map(entry ->
                        new ErrorCount(entry.getKey().sqlState(), entry.getKey().message(), entry.getValue()))
                .sorted((a, b) -> Long.compare(b.count(), a.count()))
                .toList();
    }

    @JsonProperty
    double requestsPerSecond() {
        return windowSeconds > 0 ? succeeded / windowSeconds : 0;
    }

    /** Percent; 0 when nothing was asked. */
    @JsonProperty
    double successPercent() {
        long all = succeeded + failed;
        return all == 0 ? 0 : 100.0 * succeeded / all;
    }

    /** Whether the database holds what it acknowledged, no more and no less than open outcomes explain. */
    @JsonProperty
    boolean honest() {
        return inserted >= acknowledged && inserted <= acknowledged + open;
    }

    /** Whether every client got in and every request succeeded and is in the database. */
    @JsonProperty
    boolean clean() {
        return connected == clients && failed == 0 && errors.isEmpty() && succeeded > 0 && honest();
    }

    /** Why it is not clean, in one line. */
    String failure() {
        if (!errors.isEmpty()) {
            ErrorCount error = errors.getFirst();
            return error.sqlState() + " " + error.message() + ", " + Lines.count(error.count()) + " times";
        }
        if (!honest()) {
            return "DIFFERS: the tables hold " + Lines.count(inserted) + " of " + Lines.count(acknowledged)
                    + " acknowledged";
        }
        return "no request was answered in the window";
    }
}

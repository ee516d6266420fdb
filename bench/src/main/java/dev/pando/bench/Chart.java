package dev.pando.bench;

import dev.pando.base.plot.Plot;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The write test as a picture: throughput beside what was published, and latency percentiles. */
final class Chart {
    private static final int MAX_URL = 48;

    private Chart() {}

    /** @throws IllegalArgumentException without any step */
    static String svg(WriteReport report) {
        List<StepResult> steps = report.steps();
        Plot.Series published = new Plot.Series(
                "published, other hardware, HTTP API",
                steps.stream()
                        .mapToDouble(step -> Published.at(step.clients())
                                .map(Published::requestsPerSecond)
                                .orElse(Double.NaN))
                        .toArray());
        Plot.Series measured = new Plot.Series(
                "measured",
                steps.stream().mapToDouble(StepResult::requestsPerSecond).toArray());
        return new Plot(
                        report.throughPando()
                                ? "Single-row INSERTs through Pando"
                                : "Single-row INSERTs into one PostgreSQL",
                        subtitle(report),
                        Plot.Axis.places(steps.stream()
                                .map(step -> Lines.count(step.clients()) + " clients")
                                .toList()),
                        List.of(
                                new Plot.Panel("Requests per second", Plot.Style.BARS, List.of(measured, published)),
                                new Plot.Panel(
                                        "Latency, milliseconds (logarithmic)",
                                        Plot.Style.LOGARITHMIC,
                                        List.of(
                                                latency("p50 ms", steps, StepResult.Latency::p50),
                                                latency("p95 ms", steps, StepResult.Latency::p95),
                                                latency("p99 ms", steps, StepResult.Latency::p99),
                                                latency("p99.9 ms", steps, StepResult.Latency::p999)))),
                        List.of(success(steps), WriteReport.METHOD))
                .svg();
    }

    private static Plot.Series latency(
            String name, List<StepResult> steps, ToDoubleFunction<StepResult.Latency> value) {
        return new Plot.Series(
                name,
                steps.stream()
                        .mapToDouble(step -> value.applyAsDouble(step.latency()))
                        .toArray());
    }

    private static String subtitle(WriteReport report) {
        return String.format(
                Locale.ROOT,
                "%s, PostgreSQL %s · %.0f s measured after %.0f s of warm-up · load from %d processors, %s",
                shortened(report.url()),
                report.server(),
                report.windowSeconds(),
                report.warmUpSeconds(),
                report.machine().processors(),
                report.machine().os());
    }

    /** So that the line fits the picture. */
    private static String shortened(String url) {
        return url.length() <= MAX_URL ? url : url.substring(0, MAX_URL - 1) + "…";
    }

    private static String success(List<StepResult> steps) {
        StringBuilder success = new StringBuilder("Success: ");
        for (StepResult step : steps) {
            success.append(success.length() > 9 ? " · " : "")
                    .append(Lines.count(step.clients()))
                    .append(" clients ")
                    .append(Lines.percent(step.successPercent()));
        }
        return success.toString();
    }
}

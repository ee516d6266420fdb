package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.terminal.TextTable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything {@code pando bench write} found out. */
record WriteReport(
        Instant at,
        String url,
        String server,
        boolean throughPando,
        Machine machine,
        Workload workload,
        double warmUpSeconds,
        double windowSeconds,
        int eventLoops,
        List<StepResult> steps,
        @Nullable FleetCounts servers) {

    /** Said wherever the numbers are shown. */
    static final String METHOD =
            "Closed loop: each client sends its next INSERT when the last one is answered, so a stall lowers the"
                    + " rate instead of piling up requests, and latencies are not corrected for coordinated omission.";

    /** Where the load generator ran. */
    record Machine(int processors, long memoryMegabytes, String os, String java) {
        static Machine here(long memoryBytes) {
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    memoryBytes >> 20,
                    System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                    System.getProperty("java.version"));
        }

        /** @param loadBefore load average before anything was started */
        String line(double loadBefore) {
            return String.format(
                    Locale.ROOT,
                    "%d processors, %,d MB, %s, Java %s; load average before: %.1f",
                    processors,
                    memoryMegabytes,
                    os,
                    java,
                    loadBefore);
        }
    }

    WriteReport {
        steps = List.copyOf(steps);
    }

    @JsonProperty
    String method() {
        return METHOD;
    }

    @JsonProperty
    boolean clean() {
        return steps.stream().allMatch(StepResult::clean) && (servers == null || servers.replicasEqual());
    }

    String table() {
        TextTable table = new TextTable(
                "clients",
                "connected",
                "requests/s",
                "success",
                "mean ms",
                "p50",
                "p95",
                "p99",
                "p99.9",
                "max",
                "published: requests/s",
                "success",
                "mean ms");
        for (StepResult step : steps) {
            Optional<Published> published = Published.at(step.clients());
            StepResult.Latency latency = step.latency();
            table.row(
                    Lines.count(step.clients()),
                    Lines.count(step.connected()),
                    Lines.count(Math.round(step.requestsPerSecond())),
                    Lines.percent(step.successPercent()),
                    Lines.millis(latency.mean()),
                    Lines.millis(latency.p50()),
                    Lines.millis(latency.p95()),
                    Lines.millis(latency.p99()),
                    Lines.millis(latency.p999()),
                    Lines.millis(latency.max()),
                    published
                            .map(p -> Lines.count(Math.round(p.requestsPerSecond())))
                            .orElse("-"),
                    published
                            .map(p -> String.format(Locale.ROOT, "%.1f %%", p.successPercent()))
                            .orElse("-"),
                    published.map(p -> Lines.count(Math.round(p.meanMillis()))).orElse("-"));
        }
        return table.render();
    }

    /** One line for each kind of error of each step; empty when there was none. */
    String errors() {
        StringBuilder out = new StringBuilder();
        for (StepResult step : steps) {
            for (StepResult.ErrorCount error : step.errors()) {
                out.append(String.format(
                        Locale.ROOT,
                        "%,d clients: %,d × %s %s%n",
                        step.clients(),
                        error.count(),
                        error.sqlState(),
                        error.message()));
            }
        }
        return out.toString();
    }

    /** Acknowledged rows against rows in the database, a line for each step. */
    String proof() {
        StringBuilder out = new StringBuilder();
        for (StepResult step : steps) {
            String verdict = step.inserted() == step.acknowledged()
                    ? "equal"
                    : step.honest()
                            ? String.format(
                                    Locale.ROOT, "explained by %,d requests whose outcome was lost", step.open())
                            : "DIFFERS";
            out.append(String.format(
                    Locale.ROOT,
                    "%,d clients: %,d rows acknowledged, %,d in the database: %s%n",
                    step.clients(),
                    step.acknowledged(),
                    step.inserted(),
                    verdict));
        }
        return out.toString();
    }
}

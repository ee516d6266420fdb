package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.terminal.TextTable;
import dev.pando.bench.Contestant.Kind;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Everything {@code pando bench proxy} found out. */
record ProxyReport(
        Circumstances circumstances,
        ProxyRuns.Setting setting,
        Pace pace,
        List<Resting> resting,
        List<PointResult> points) {

    ProxyReport {
        resting = List.copyOf(resting);
        points = List.copyOf(points);
    }

    @JsonProperty
    boolean clean() {
        return resting.stream().allMatch(Resting::clean) && points.stream().allMatch(PointResult::clean);
    }

    @JsonProperty
    List<Target> targets() {
        return Target.of(points, resting);
    }

    String table() {
        TextTable table = new TextTable(
                "clients × workload, protocol",
                "",
                "tx/s",
                "÷ PgBouncer",
                "÷ direct",
                "CPU s/M",
                "÷ PgBouncer",
                "p50 ms",
                "p99",
                "p99.9",
                "MB",
                "success");
        table.leftAlign(0, 1);
        for (PointResult result : points) {
            String title = result.point().toString();
            for (Kind kind : result.samples().keySet()) {
                row(table, title, result, kind);
                title = "";
            }
        }
        return table.render();
    }

    private static void row(TextTable table, String title, PointResult result, Kind kind) {
        boolean proxy = kind != Kind.DIRECT;
        boolean pando = kind == Kind.PANDO;
        table.row(
                title,
                kind.toString(),
                shown(result.median(kind, Sample::rate), "%,.0f"),
                pando ? shown(result.ratio(kind, Kind.PGBOUNCER, Sample::rate), "%.2f") : "",
                proxy ? shown(result.ratio(kind, Kind.DIRECT, Sample::rate), "%.2f") : "",
                proxy ? shown(result.median(kind, Sample::cpuPerMillion), "%,.1f") : "",
                pando ? shown(result.ratio(kind, Kind.PGBOUNCER, Sample::cpuPerMillion), "%.2f") : "",
                latency(result, kind, StepResult.Latency::p50),
                latency(result, kind, StepResult.Latency::p99),
                latency(result, kind, StepResult.Latency::p999),
                proxy ? shown(result.median(kind, Sample::residentMegabytes), "%,.0f") : "",
                Lines.percent(least(result, kind)));
    }

    /** Success is not a matter of medians: one bad round shows. */
    private static double least(PointResult result, Kind kind) {
        return result.of(kind).orElse(List.of()).stream()
                .mapToDouble(sample -> sample.step().successPercent())
                .min()
                .orElse(0);
    }

    private static String latency(PointResult result, Kind kind, ToDoubleFunction<StepResult.Latency> figure) {
        OptionalDouble median =
                result.median(kind, sample -> figure.applyAsDouble(sample.step().latency()));
        return median.isPresent() ? Lines.millis(median.getAsDouble()) : "–";
    }

    private static String shown(OptionalDouble value, String format) {
        return Double.isFinite(value.orElse(Double.NaN))
                ? String.format(Locale.ROOT, format, value.getAsDouble())
                : "–";
    }

    String restingTable() {
        TextTable table = new TextTable(
                "",
                "ms from start to first answer",
                "least to most",
                "CPU ms until then",
                "MB at rest",
                "idle clients",
                "kB per idle client");
        table.leftAlign(0);
        for (Resting rest : resting) {
            StartUps startUps = rest.startUps();
            table.row(
                    rest.kind().toString(),
                    startUps == null ? "–" : Lines.millis(startUps.milliseconds()),
                    startUps == null ? "–" : Lines.millis(startUps.least()) + " to " + Lines.millis(startUps.most()),
                    startUps == null ? "–" : Lines.millis(startUps.cpuMilliseconds()),
                    rest.restKilobytes() == 0 ? "–" : String.format(Locale.ROOT, "%.1f", rest.restKilobytes() / 1024.0),
                    Lines.count(rest.idleClients()),
                    rest.clean() && rest.idleClients() > 0 && rest.restKilobytes() > 0
                            ? String.format(Locale.ROOT, "%.1f", rest.kilobytesPerClient())
                            : "–");
        }
        return table.render();
    }

    /** What failed or differs, a line each; empty when nothing did. */
    String failures() {
        StringBuilder out = new StringBuilder();
        for (Resting rest : resting) {
            if (!rest.clean()) {
                out.append("FAILED  ").append(rest.kind()).append(": idle clients could not all log in\n");
            }
        }
        for (PointResult result : points) {
            result.samples()
                    .forEach((kind, samples) -> samples.stream()
                            .map(Sample::step)
                            .filter(step -> !step.clean())
                            .forEach(step -> out.append("FAILED  ")
                                    .append(result.point())
                                    .append(", ")
                                    .append(kind)
                                    .append(": ")
                                    .append(step.failure())
                                    .append('\n')));
        }
        return out.toString();
    }
}

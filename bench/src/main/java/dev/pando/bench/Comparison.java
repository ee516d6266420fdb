package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.pando.base.terminal.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The same requests by several ways, in turns. */
record Comparison(String title, List<Entry> entries) {
    /** @param proxy whether there is one, whose processor time and memory count */
    record Entry(String way, boolean proxy, List<Sample> samples) {
        Entry {
            samples = List.copyOf(samples);
        }

        OptionalDouble median(ToDoubleFunction<Sample> figure) {
            return Medians.of(samples, figure);
        }

        /** Success is not a matter of medians: one bad round shows. */
        double leastSuccess() {
            return samples.stream()
                    .mapToDouble(sample -> sample.step().successPercent())
                    .min()
                    .orElse(0);
        }
    }

    Comparison {
        entries = List.copyOf(entries);
    }

    static Comparison of(String title, Map<Way, List<Sample>> samples) {
        return new Comparison(
                title,
                samples.entrySet().stream()
                        .map(one -> new Entry(one.getKey().name(), one.getKey().process() != null, one.getValue()))
                        .toList());
    }

    @JsonIgnore
    boolean clean() {
        return entries.stream()
                .flatMap(entry -> entry.samples().stream())
                .allMatch(sample -> sample.step().clean());
    }

    Optional<Entry> of(String way) {
        return entries.stream().filter(entry -> entry.way().equals(way)).findFirst();
    }

    OptionalDouble median(String way, ToDoubleFunction<Sample> figure) {
        return of(way).map(entry -> entry.median(figure)).orElse(OptionalDouble.empty());
    }

    /** As {@link Medians#ratio}; empty unless both take part. */
    OptionalDouble ratio(String way, String base, ToDoubleFunction<Sample> figure) {
        return Medians.ratio(
                of(way).map(Entry::samples).orElse(List.of()),
                of(base).map(Entry::samples).orElse(List.of()),
                figure);
    }

    /**
     * A line for each way.
     *
     * @param base the way that the others are divided by
     */
    static String table(String head, List<Comparison> comparisons, String base) {
        TextTable table = new TextTable(
                head,
                "",
                "requests/s",
                "÷ " + base,
                "CPU s/M",
                "÷ " + base,
                "mean ms",
                "p50",
                "p99",
                "p99.9",
                "MB",
                "success");
        table.leftAlign(0, 1);
        for (Comparison comparison : comparisons) {
            String title = comparison.title();
            for (Entry entry : comparison.entries()) {
                comparison.row(table, title, entry, base);
                title = "";
            }
        }
        return table.render();
    }

    private void row(TextTable table, String title, Entry entry, String base) {
        boolean other = !entry.way().equals(base);
        table.row(
                title,
                entry.way(),
                shown(entry.median(Sample::rate), "%,.0f"),
                other ? shown(ratio(entry.way(), base, Sample::rate), "%.2f") : "",
                entry.proxy() ? shown(entry.median(Sample::cpuPerMillion), "%,.1f") : "",
                other && entry.proxy() ? shown(ratio(entry.way(), base, Sample::cpuPerMillion), "%.2f") : "",
                latency(entry, StepResult.Latency::mean),
                latency(entry, StepResult.Latency::p50),
                latency(entry, StepResult.Latency::p99),
                latency(entry, StepResult.Latency::p999),
                entry.proxy() ? shown(entry.median(Sample::residentMegabytes), "%,.0f") : "",
                Lines.percent(entry.leastSuccess()));
    }

    private static String latency(Entry entry, ToDoubleFunction<StepResult.Latency> figure) {
        OptionalDouble median =
                entry.median(sample -> figure.applyAsDouble(sample.step().latency()));
        return median.isPresent() ? Lines.millis(median.getAsDouble()) : "–";
    }

    private static String shown(OptionalDouble value, String format) {
        return Double.isFinite(value.orElse(Double.NaN))
                ? String.format(Locale.ROOT, format, value.getAsDouble())
                : "–";
    }

    /** What failed or differs, a line each; empty when nothing did. */
    String failures() {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            entry.samples().stream()
                    .map(Sample::step)
                    .filter(step -> !step.clean())
                    .forEach(step -> out.append("FAILED  ")
                            .append(title)
                            .append(", ")
                            .append(entry.way())
                            .append(": ")
                            .append(step.failure())
                            .append('\n'));
        }
        return out.toString();
    }
}

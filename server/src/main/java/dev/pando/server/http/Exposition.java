package dev.pando.server.http;

import dev.pando.core.sight.Times;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples in the text format of Prometheus, version 0.0.4: all of a metric stand together, below its HELP and TYPE. */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4";

    private final Map<Metric, StringBuilder> samples = new EnumMap<>(Metric.class);

    /** {@code labels}: values in the order of the metric's labels. */
    Exposition add(Metric metric, long value, String... labels) {
        return sample(metric, Long.toString(value), labels);
    }

    Exposition add(Metric metric, double value, String... labels) {
        return sample(metric, Double.toString(value), labels);
    }

    /** A histogram: its classes, each holding those before it, then sum and count. */
    Exposition add(Metric metric, Times times, String... labels) {
        List<Long> bounds = Times.bounds();
        for (int i = 0; i <= bounds.size(); i++) {
            String bound = i == bounds.size() ? "+Inf" : seconds(bounds.get(i));
            append(metric, "_bucket", Long.toString(times.upTo(i)), bound, labels);
        }
        append(metric, "_sum", Double.toString(times.sum() / 1e9), null, labels);
        return append(metric, "_count", Long.toString(times.count()), null, labels);
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }

    private Exposition sample(Metric metric, String value, String... labels) {
        return append(metric, "", value, null, labels);
    }

    private Exposition append(Metric metric, String suffix, String value, @Nullable String bound, String... labels) {
        List<String> names = metric.labels();
        if (names.size() != labels.length) {
            throw new IllegalArgumentException(metric + " has the labels " + names);
        }
        StringBuilder out = samples.computeIfAbsent(metric, first -> new StringBuilder());
        out.append(metric.title()).append(suffix);
        for (int i = 0; i < labels.length; i++) {
            out.append(i == 0 ? '{' : ',')
                    .append(names.get(i))
                    .append("=\"")
                    .append(escaped(labels[i]))
                    .append('"');
        }
        if (bound != null) {
            out.append(labels.length == 0 ? '{' : ',')
                    .append("le=\"")
                    .append(bound)
                    .append('"');
        }
        boolean labelled = labels.length > 0 || bound != null;
        out.append(labelled ? "} " : " ").append(value).append('\n');
        return this;
    }

    static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        StringBuilder page = new StringBuilder();
        samples.forEach((metric, lines) -> page.append("# HELP ")
                .append(metric.title())
                .append(' ')
                .append(metric.help())
                .append("\n# TYPE ")
                .append(metric.title())
                .append(' ')
                .append(metric.type().word())
                .append('\n')
                .append(lines));
        return page.toString();
    }
}

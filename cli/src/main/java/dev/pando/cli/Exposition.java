package dev.pando.server.http;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Samples in the text format of Prometheus, version 0.0.4: all of a metric stand together, below its HELP and TYPE. */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4";

    private final Map<Metric, StringBuilder> samples = new EnumMap<>(Metric.class);

    /** {@code labels}: values in the order of the metric's labels. */
    Exposition add(Metric metric, double value, String... labels) {
        List<String> names = metric.labels();
        if (names.size() != labels.length) {
            throw new IllegalArgumentException(metric + " has the labels " + names);
        }
        StringBuilder out = samples.computeIfAbsent(metric, first -> new StringBuilder());
        out.append(metric.title());
        for (int i = 0; i < labels.length; i++) {
            out.append(i == 0 ? '{' : ',')
                    .append(names.get(i))
                    .append("=\"")
                    .append(escaped(labels[i]))
                    .append('"');
        }
        out.append(labels.length > 0 ? "} " : " ").append(number(value)).append('\n');
        return this;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
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

package dev.pando.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The write test as an SVG picture: throughput as bars above, latency percentiles as lines on a logarithmic scale below, clients along
 * both. Uses its own background and two sets of colours, so that it reads on light and on dark pages.
 */
final class Chart {
    private static final int WIDTH = 960;
    private static final int LEFT = 84;
    private static final int RIGHT = 836;
    private static final int BARS_TOP = 108;
    private static final int BARS_BOTTOM = 320;
    private static final int LINES_TOP = 396;
    private static final int LINES_BOTTOM = 636;
    private static final int HEIGHT = 762;
    private static final int LABEL_GAP = 15;
    private static final int MAX_URL = 48;
    private static final String STYLE = """
            svg{--bg:#ffffff;--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--bar:#2f6fb3;--pub:#9aa4af;--a:#2f6fb3;--b:#1a7f52;--c:#b35900;--d:#b3263a}
            @media (prefers-color-scheme:dark){svg{--bg:#0d1117;--ink:#e6edf3;--soft:#9198a1;--grid:#30363d;--bar:#58a6ff;--pub:#6e7681;--a:#58a6ff;--b:#3fb97f;--c:#f0a04b;--d:#ff7b84}}
            text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
            .title{font-size:19px;font-weight:600}.head{font-size:14px;font-weight:600}.soft{fill:var(--soft)}.small{font-size:12px}
            .value{font-weight:600}.grid{stroke:var(--grid);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
            """;

    private record Series(String name, String colour, ToDoubleFunction<StepResult.Latency> value) {}

    private static final List<Series> SERIES = List.of(
            new Series("p50", "--a", StepResult.Latency::p50),
            new Series("p95", "--b", StepResult.Latency::p95),
            new Series("p99", "--c", StepResult.Latency::p99),
            new Series("p99.9", "--d", StepResult.Latency::p999));

    private record Label(String text, String colour, double y) {}

    private final WriteReport report;
    private final List<StepResult> steps;
    private final StringBuilder out = new StringBuilder();

    private Chart(WriteReport report) {
        this.report = report;
        this.steps = report.steps();
    }

    /** @throws IllegalArgumentException without any step */
    static String svg(WriteReport report) {
        if (report.steps().isEmpty()) {
            throw new IllegalArgumentException("nothing to draw");
        }
        return new Chart(report).draw();
    }

    private String draw() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT);
        add("<title id=\"title\">%s</title><style>%s</style>", escape(title()), STYLE);
        add("<rect width=\"%d\" height=\"%d\" fill=\"var(--bg)\"/>", WIDTH, HEIGHT);
        text(24, 36, "title", "start", title());
        text(24, 58, "soft", "start", subtitle());
        bars();
        lines();
        footer();
        out.append("</svg>\n");
        return out.toString();
    }

    private String title() {
        return report.throughPando() ? "Single-row INSERTs through Pando" : "Single-row INSERTs into one PostgreSQL";
    }

    private String subtitle() {
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

    // Throughput.

    private void bars() {
        double highest = 1;
        for (StepResult step : steps) {
            highest = Math.max(highest, step.requestsPerSecond());
            highest = Math.max(
                    highest,
                    Published.at(step.clients())
                            .map(Published::requestsPerSecond)
                            .orElse(0.0));
        }
        double tick = niceStep(highest * 1.08 / 4);
        double top = tick * Math.ceil(highest * 1.08 / tick);
        text(24, BARS_TOP - 22, "head", "start", "Requests per second");
        legend();
        for (double value = 0; value <= top + tick / 2; value += tick) {
            gridLine(scaled(value, top), Lines.count(Math.round(value)));
        }
        double bar = Math.min(72, (RIGHT - LEFT) / (double) steps.size() / 3.2);
        for (int i = 0; i < steps.size(); i++) {
            StepResult step = steps.get(i);
            Optional<Published> published = Published.at(step.clients());
            double from = published.isPresent() ? x(i) - bar - 3 : x(i) - bar / 2;
            bar(from, bar, scaled(step.requestsPerSecond(), top), "--bar", step.requestsPerSecond(), "value");
            published.ifPresent(mark -> bar(
                    x(steps.indexOf(step)) + 3,
                    bar,
                    scaled(mark.requestsPerSecond(), top),
                    "--pub",
                    mark.requestsPerSecond(),
                    "soft"));
        }
        clientAxis(BARS_BOTTOM);
    }

    private void legend() {
        if (steps.stream().noneMatch(step -> Published.at(step.clients()).isPresent())) {
            return;
        }
        int y = BARS_TOP - 32;
        add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" rx=\"2\" fill=\"var(--bar)\"/>", RIGHT - 330, y);
        text(RIGHT - 312, y + 11, "small", "start", "measured");
        add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" rx=\"2\" fill=\"var(--pub)\"/>", RIGHT - 240, y);
        text(RIGHT - 222, y + 11, "small", "start", "published, other hardware, HTTP API");
    }

    private static double scaled(double value, double top) {
        return BARS_BOTTOM - value / top * (BARS_BOTTOM - BARS_TOP);
    }

    private void bar(double x, double width, double y, String colour, double value, String style) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"var(%s)\"/>",
                x, y, width, Math.max(0, BARS_BOTTOM - y), colour);
        text(x + width / 2, y - 6, style, "middle", Lines.count(Math.round(value)));
    }

    // Latency.

    private void lines() {
        double lowest = Double.MAX_VALUE;
        double highest = 0;
        for (StepResult step : steps) {
            for (Series series : SERIES) {
                double value = Math.max(0.01, series.value().applyAsDouble(step.latency()));
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
            }
        }
        int from = (int) Math.floor(Math.log10(lowest));
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(highest)));
        text(24, LINES_TOP - 22, "head", "start", "Latency, milliseconds (logarithmic)");
        for (int exponent = from; exponent <= to; exponent++) {
            gridLine(logarithmic(Math.pow(10, exponent), from, to), decade(exponent));
        }
        List<Label> labels = new ArrayList<>();
        for (Series series : SERIES) {
            labels.add(line(series, from, to));
        }
        for (Label label : apart(labels)) {
            add(
                    "<text x=\"%.1f\" y=\"%.1f\" style=\"fill:var(%s);font-weight:600\">%s</text>",
                    x(steps.size() - 1) + 12, label.y() + 4, label.colour(), escape(label.text()));
        }
        clientAxis(LINES_BOTTOM);
    }

    private Label line(Series series, int from, int to) {
        StringBuilder points = new StringBuilder();
        double y = LINES_BOTTOM;
        for (int i = 0; i < steps.size(); i++) {
            y = logarithmic(series.value().applyAsDouble(steps.get(i).latency()), from, to);
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"var(%s)\"/>", x(i), y, series.colour());
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"var(%s)\" stroke-width=\"2\"/>",
                points.toString().strip(), series.colour());
        double last = series.value().applyAsDouble(steps.getLast().latency());
        return new Label(series.name() + "  " + Lines.millis(last) + " ms", series.colour(), y);
    }

    private static double logarithmic(double value, int from, int to) {
        double part = (Math.log10(Math.max(value, Math.pow(10, from))) - from) / (to - from);
        return LINES_BOTTOM - part * (LINES_BOTTOM - LINES_TOP);
    }

    /** Moves labels that would overlap apart, keeping their order and staying inside the panel. */
    private static List<Label> apart(List<Label> labels) {
        List<Label> sorted = new ArrayList<>(labels);
        sorted.sort((a, b) -> Double.compare(b.y(), a.y()));
        double limit = LINES_BOTTOM;
        for (int i = 0; i < sorted.size(); i++) {
            Label label = sorted.get(i);
            double y = Math.min(label.y(), limit);
            sorted.set(i, new Label(label.text(), label.colour(), y));
            limit = y - LABEL_GAP;
        }
        return sorted;
    }

    private static String decade(int exponent) {
        return exponent >= 0
                ? Lines.count(Math.round(Math.pow(10, exponent)))
                : String.format(Locale.ROOT, "%." + -exponent + "f", Math.pow(10, exponent));
    }

    // Shared by both.

    /** Middle of a step's place. */
    private double x(int step) {
        double place = (RIGHT - LEFT) / (double) steps.size();
        return LEFT + place * (step + 0.5);
    }

    private void clientAxis(int y) {
        add("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"axis\"/>", LEFT, y, RIGHT, y);
        for (int i = 0; i < steps.size(); i++) {
            text(x(i), y + 20, "", "middle", Lines.count(steps.get(i).clients()) + " clients");
        }
    }

    private void gridLine(double y, String label) {
        add("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"grid\"/>", LEFT, y, RIGHT, y);
        text(LEFT - 10, y + 4, "soft small", "end", label);
    }

    private void footer() {
        StringBuilder success = new StringBuilder("Success: ");
        for (StepResult step : steps) {
            success.append(success.length() > 9 ? " · " : "")
                    .append(Lines.count(step.clients()))
                    .append(" clients ")
                    .append(Lines.percent(step.successPercent()));
        }
        text(24, LINES_BOTTOM + 62, "", "start", success.toString());
        int split = WriteReport.METHOD.indexOf(", and latencies");
        text(24, LINES_BOTTOM + 86, "soft small", "start", WriteReport.METHOD.substring(0, split + 1));
        text(24, LINES_BOTTOM + 103, "soft small", "start", WriteReport.METHOD.substring(split + 2));
    }

    /** 1, 2, 2.5 or 5 times a power of ten, not below {@code least}. */
    static double niceStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, least))));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * power >= least && factor * power >= 1) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private void text(double x, double y, String style, String anchor, String content) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>",
                x, y, style, anchor, escape(content));
    }

    // Error Prone's own annotation would be a dependency for one private method.
    @SuppressWarnings("AnnotateFormatMethod")
    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

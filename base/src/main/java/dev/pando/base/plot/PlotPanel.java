package dev.pando.base.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** One panel of a {@link Plot}, between two heights of the picture. */
final class PlotPanel {
    private static final int LEFT = 84;
    private static final int RIGHT = 780;
    private static final int LABEL_GAP = 15;
    private static final double NARROWEST_SPAN = 2;
    private static final int MOST_DOTS = 12;
    private static final int CHARACTER = 7;

    private record Label(String text, String colour, double y) {
        Label at(double height) {
            return new Label(text, colour, height);
        }
    }

    private final Svg svg;
    private final Plot.Axis axis;
    private final Plot.Panel panel;
    private final int top;
    private final int bottom;

    PlotPanel(Svg svg, Plot.Axis axis, Plot.Panel panel, int top, int bottom) {
        this.svg = svg;
        this.axis = axis;
        this.panel = panel;
        this.top = top;
        this.bottom = bottom;
    }

    void draw() {
        svg.text(24, top - 22, "head", "start", panel.title());
        spans();
        switch (panel.style()) {
            case BARS -> bars();
            case LINES -> lines(linear());
            case LOGARITHMIC, COURSE -> lines(logarithmic());
            case STACKED -> stacked();
        }
        svg.level(LEFT, RIGHT, bottom, "axis");
        for (int i = 0; i < axis.at().size(); i++) {
            if (!axis.labels().get(i).isEmpty()) {
                svg.text(x(i), bottom + 20, "", "middle", axis.labels().get(i));
            }
        }
    }

    private double x(int place) {
        return x(place < axis.at().size() ? axis.at().get(place) : 1.0);
    }

    private static double x(double at) {
        return LEFT + (RIGHT - LEFT) * at;
    }

    /** Each is seen, however short; labels that would stand on one another are left out. */
    private void spans() {
        double free = 0;
        for (Plot.Span span : panel.spans()) {
            double from = x(span.from());
            double width = Math.max(NARROWEST_SPAN, x(span.to()) - from);
            svg.band(from, top - 4, width, bottom - top + 4, Svg.colour(span.colour()));
            double middle = from + width / 2;
            double half = CHARACTER * span.label().length() / 2.0 + 1;
            if (!span.label().isEmpty() && middle - half > free) {
                svg.text(middle, top - 8, "small", "middle", span.label());
                free = middle + half;
            }
        }
    }

    // Scales.

    private interface Scale {
        double y(double value);
    }

    private double[] figures() {
        return DoubleStream.concat(
                        panel.series().stream().flatMapToDouble(series -> Arrays.stream(series.values())),
                        panel.room().stream().mapToDouble(Double::doubleValue))
                .filter(Double::isFinite)
                .toArray();
    }

    private Scale linear() {
        return linear(Arrays.stream(figures()).max().orElse(1), false);
    }

    private Scale linear(double highest, boolean whole) {
        double shown = (highest > 0 ? highest : 1) * 1.08;
        double nice = Plot.niceStep(shown / 4);
        double tick = whole ? Math.ceil(nice) : nice;
        double most = tick * Math.ceil(shown / tick);
        Scale scale = value -> bottom - Math.max(0, value) / most * (bottom - top);
        for (int i = 0; i * tick <= most * 1.001; i++) {
            grid(scale.y(i * tick), number(i * tick));
        }
        return scale;
    }

    private Scale logarithmic() {
        double lowest = Math.max(0.01, Arrays.stream(figures()).min().orElse(1));
        double highest = Math.max(lowest, Arrays.stream(figures()).max().orElse(1));
        int from = (int) Math.floor(Math.log10(lowest));
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(highest)));
        Scale scale = value ->
                bottom - (Math.log10(Math.max(value, Math.pow(10, from))) - from) / (to - from) * (bottom - top);
        for (int exponent = from; exponent <= to; exponent++) {
            grid(scale.y(Math.pow(10, exponent)), decade(exponent));
        }
        return scale;
    }

    private static String decade(int exponent) {
        return exponent >= 0
                ? String.format(Locale.ROOT, "%,d", Math.round(Math.pow(10, exponent)))
                : String.format(Locale.ROOT, "%." + -exponent + "f", Math.pow(10, exponent));
    }

    private void grid(double y, String label) {
        svg.level(LEFT, RIGHT, y, "grid");
        svg.text(LEFT - 10, y + 4, "soft small", "end", label);
    }

    private static String number(double value) {
        String format = value >= 100 || value == Math.rint(value) ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    // Bars.

    private void bars() {
        Scale scale = linear();
        int count = panel.series().size();
        if (count > 1) {
            legend();
        }
        double place = (RIGHT - LEFT) / (double) axis.at().size();
        for (int i = 0; i < axis.at().size(); i++) {
            int at = i;
            List<Plot.Series> here = panel.series().stream()
                    .filter(series -> Double.isFinite(series.values()[at]))
                    .toList();
            double bar = Math.min(72, place * 0.86 / count);
            double from = x(i) - bar * here.size() / 2;
            for (Plot.Series series : here) {
                double y = scale.y(series.values()[i]);
                svg.box(from + 1.5, y, bar - 3, bottom - y, colour(series));
                svg.text(from + bar / 2, y - 5, "value", "middle", number(series.values()[i]));
                from += bar;
            }
        }
    }

    private String colour(Plot.Series series) {
        return Svg.colour(
                series.colour() >= 0 ? series.colour() : panel.series().indexOf(series));
    }

    /** Right-aligned above the panel. */
    private void legend() {
        double x = Plot.WIDTH - 24;
        for (Plot.Series series : panel.series().reversed()) {
            x -= CHARACTER * series.name().length() + 30;
            svg.box(x, top - 32, 12, 12, colour(series));
            svg.text(x + 17, top - 21, "small", "start", series.name());
        }
    }

    // Areas.

    private void stacked() {
        double[] under = new double[axis.at().size()];
        List<double[]> tops = new ArrayList<>();
        for (Plot.Series series : panel.series()) {
            Arrays.setAll(under, i -> under[i] + (Double.isFinite(series.values()[i]) ? series.values()[i] : 0));
            tops.add(under.clone());
        }
        double highest = Math.max(
                Arrays.stream(under).max().orElse(1),
                panel.room().stream().mapToDouble(Double::doubleValue).max().orElse(1));
        Scale scale = linear(highest, true);
        for (int i = tops.size() - 1; i >= 0; i--) {
            area(tops.get(i), scale, colour(panel.series().get(i)));
        }
        legend();
    }

    /** In steps, a part for each time that it is above nothing; what is under it is drawn over it. */
    private void area(double[] heights, Scale scale, String colour) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < heights.length; i++) {
            if (heights[i] > 0) {
                if (points.isEmpty()) {
                    point(points, x(i), bottom);
                }
                point(points, x(i), scale.y(heights[i]));
                point(points, x(i + 1), scale.y(heights[i]));
            }
            if (!points.isEmpty() && (i + 1 == heights.length || heights[i + 1] <= 0)) {
                point(points, x(i + 1), bottom);
                svg.area(points.toString().strip(), colour);
                points.setLength(0);
            }
        }
    }

    private static void point(StringBuilder points, double x, double y) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }

    // Lines.

    private void lines(Scale scale) {
        List<Label> labels = new ArrayList<>();
        for (Plot.Series series : panel.series()) {
            labels.add(line(series, scale));
        }
        for (Label label : apart(labels)) {
            svg.coloured(RIGHT + 8, label.y() + 4, label.colour(), label.text());
        }
    }

    private Label line(Plot.Series series, Scale scale) {
        StringBuilder points = new StringBuilder();
        String colour = colour(series);
        double last = 0;
        double highest = 0;
        for (int i = 0; i < series.values().length; i++) {
            if (Double.isFinite(series.values()[i])) {
                last = series.values()[i];
                highest = Math.max(highest, last);
                point(points, x(i), scale.y(last));
                if (series.values().length <= MOST_DOTS) {
                    svg.dot(x(i), scale.y(last), colour);
                }
            }
        }
        svg.path(points.toString().strip(), colour);
        String figure = panel.style() == Plot.Style.COURSE ? ", most " + number(highest) : "  " + number(last);
        return new Label(series.name() + figure, colour, scale.y(last));
    }

    /** Moves labels that would overlap apart, keeping their order and staying inside the panel. */
    private List<Label> apart(List<Label> labels) {
        List<Label> sorted = new ArrayList<>(labels);
        sorted.sort((a, b) -> Double.compare(b.y(), a.y()));
        double lowest = bottom;
        for (int i = 0; i < sorted.size(); i++) {
            Label label = sorted.get(i).at(Math.min(sorted.get(i).y(), lowest));
            sorted.set(i, label);
            lowest = label.y() - LABEL_GAP;
        }
        double highest = top;
        for (int i = sorted.size() - 1; i >= 0; i--) {
            Label label = sorted.get(i).at(Math.max(sorted.get(i).y(), highest));
            sorted.set(i, label);
            highest = label.y() + LABEL_GAP;
        }
        return sorted;
    }
}

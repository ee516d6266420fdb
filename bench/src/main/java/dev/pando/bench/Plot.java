package dev.pando.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A picture of figures: panels one below the other over the same axis. */
record Plot(String title, String subtitle, Axis axis, List<Panel> panels, List<String> notes) {
    static final int WIDTH = 1_000;
    private static final int TOP = 108;
    private static final int PANEL_HEIGHT = 212;
    private static final int GAP = 84;
    private static final int LINE_HEIGHT = 18;
    private static final int LINE_CHARACTERS = 140;

    enum Style {
        BARS,
        LINES,
        LOGARITHMIC
    }

    /** @param values one for each place of the axis, NaN where there is none */
    record Series(String name, double... values) {}

    record Panel(String title, Style style, List<Series> series) {
        Panel {
            // What has no figure at all needs no name either.
            series = series.stream()
                    .filter(one -> Arrays.stream(one.values()).anyMatch(Double::isFinite))
                    .toList();
        }
    }

    /**
     * What figures stand over.
     *
     * @param at from 0 to 1, one for each figure
     * @param labels one for each figure; empty for no label
     */
    record Axis(List<Double> at, List<String> labels) {
        /** Places side by side. */
        static Axis places(List<String> labels) {
            return new Axis(
                    IntStream.range(0, labels.size())
                            .mapToObj(i -> (i + 0.5) / labels.size())
                            .toList(),
                    labels);
        }

        /** Points in time from 0 on, in seconds. */
        static Axis time(List<Double> seconds) {
            double last = Math.max(1, seconds.getLast());
            double tick = niceStep(last / 8);
            return new Axis(
                    seconds.stream().map(second -> second / last).toList(),
                    IntStream.range(0, seconds.size())
                            .mapToObj(i -> crosses(seconds, i, tick) ? label(seconds.get(i)) : "")
                            .toList());
        }

        private static boolean crosses(List<Double> seconds, int i, double tick) {
            return i == 0 || Math.floor(seconds.get(i) / tick) > Math.floor(seconds.get(i - 1) / tick);
        }

        private static String label(double seconds) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
    }

    Plot {
        if (axis.at().isEmpty()) {
            throw new IllegalArgumentException("nothing to draw");
        }
        panels = List.copyOf(panels);
        notes = List.copyOf(notes);
    }

    static String subtitle(Circumstances circumstances) {
        return String.format(
                Locale.ROOT,
                "%s · %s, %d processors · load average before %.1f",
                circumstances.at().toString().substring(0, 10),
                circumstances.machine().os(),
                circumstances.machine().processors(),
                circumstances.loadBefore());
    }

    /** Medians of one way. */
    static Series of(String name, String way, List<Comparison> comparisons, ToDoubleFunction<Sample> figure) {
        return new Series(
                name,
                comparisons.stream()
                        .mapToDouble(one -> one.median(way, figure).orElse(Double.NaN))
                        .toArray());
    }

    String svg() {
        int bottom = TOP + panels.size() * (PANEL_HEIGHT + GAP) - GAP;
        List<String> lines =
                notes.stream().flatMap(note -> wrapped(note).stream()).toList();
        Svg svg = new Svg(title, WIDTH, bottom + 54 + lines.size() * LINE_HEIGHT);
        svg.text(24, 36, "title", "start", title);
        svg.text(24, 58, "soft", "start", subtitle);
        int top = TOP;
        for (Panel panel : panels) {
            new PlotPanel(svg, axis, panel, top, top + PANEL_HEIGHT).draw();
            top += PANEL_HEIGHT + GAP;
        }
        for (int i = 0; i < lines.size(); i++) {
            svg.text(24, bottom + 56 + i * LINE_HEIGHT, "soft small", "start", lines.get(i));
        }
        return svg.end();
    }

    private static List<String> wrapped(String note) {
        List<String> lines = new ArrayList<>();
        String rest = note;
        while (rest.length() > LINE_CHARACTERS) {
            int end = rest.lastIndexOf(' ', LINE_CHARACTERS);
            lines.add(rest.substring(0, end));
            rest = rest.substring(end + 1);
        }
        lines.add(rest);
        return lines;
    }

    /** 1, 2, 2.5 or 5 times a power of ten, not below {@code least}. */
    static double niceStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1e-9, least))));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}

package dev.pando.base.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A picture of figures: panels one below the other over the same axis. */
public record Plot(String title, String subtitle, Axis axis, List<Panel> panels, List<Entry> key, List<String> notes) {
    static final int WIDTH = 1_000;
    private static final int TOP = 108;
    private static final int PANEL_HEIGHT = 212;
    private static final int GAP = 84;
    private static final int LINE_HEIGHT = 18;
    private static final int LINE_CHARACTERS = 140;

    public enum Style {
        BARS,
        /** Each with its last figure. */
        LINES,
        LOGARITHMIC,
        /** Logarithmic, each with its highest figure. */
        COURSE,
        /** Whole numbers, one on the other, each from its place to the next. */
        STACKED
    }

    /**
     * @param colour number of a colour, {@link #IN_TURN} for the next one
     * @param values one for each place of the axis, NaN where there is none
     */
    public record Series(String name, int colour, double[] values) {
        private static final int IN_TURN = -1;

        public Series(String name, double... values) {
            this(name, IN_TURN, values);
        }
    }

    /**
     * What lasted for a while, behind the figures.
     *
     * @param from place on the axis, from 0 to 1
     * @param label above it; empty for none
     */
    public record Span(double from, double to, String label, int colour) {}

    /** What a colour stands for. */
    public record Entry(String text, int colour) {}

    /** @param room figures that its scale has room for, too */
    public record Panel(String title, Style style, List<Series> series, List<Span> spans, List<Double> room) {
        public Panel(String title, Style style, List<Series> series) {
            this(title, style, series, List.of(), List.of());
        }

        public Panel {
            spans = List.copyOf(spans);
            room = List.copyOf(room);
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
    public record Axis(List<Double> at, List<String> labels) {
        /** Places side by side. */
        public static Axis places(List<String> labels) {
            return new Axis(
                    IntStream.range(0, labels.size())
                            .mapToObj(i -> (i + 0.5) / labels.size())
                            .toList(),
                    labels);
        }

        /** Points in time from 0 on, in seconds. */
        public static Axis time(List<Double> seconds) {
            double last = Math.max(1, seconds.getLast());
            double tick = niceStep(last / 8);
            return new Axis(
                    seconds.stream().map(second -> second / last).toList(),
                    IntStream.range(0, seconds.size())
                            .mapToObj(i -> crosses(seconds, i, tick) ? label(seconds.get(i), tick) : "")
                            .toList());
        }

        private static boolean crosses(List<Double> seconds, int i, double tick) {
            return i == 0 || Math.floor(seconds.get(i) / tick) > Math.floor(seconds.get(i - 1) / tick);
        }

        private static String label(double seconds, double tick) {
            return String.format(Locale.ROOT, tick < 1 ? "%.1f s" : "%.0f s", seconds);
        }
    }

    public Plot {
        if (axis.at().isEmpty()) {
            throw new IllegalArgumentException("nothing to draw");
        }
        panels = List.copyOf(panels);
        key = List.copyOf(key);
        notes = List.copyOf(notes);
    }

    /** Without a key. */
    public Plot(String title, String subtitle, Axis axis, List<Panel> panels, List<String> notes) {
        this(title, subtitle, axis, panels, List.of(), notes);
    }

    public String svg() {
        int bottom = TOP + panels.size() * (PANEL_HEIGHT + GAP) - GAP;
        List<String> lines =
                notes.stream().flatMap(note -> wrapped(note).stream()).toList();
        int under = bottom + 56 + key.size() * LINE_HEIGHT;
        Svg svg = new Svg(title, WIDTH, under - 2 + lines.size() * LINE_HEIGHT);
        svg.text(24, 36, "title", "start", title);
        svg.text(24, 58, "soft", "start", subtitle);
        int top = TOP;
        for (Panel panel : panels) {
            new PlotPanel(svg, axis, panel, top, top + PANEL_HEIGHT).draw();
            top += PANEL_HEIGHT + GAP;
        }
        for (int i = 0; i < key.size(); i++) {
            int at = bottom + 56 + i * LINE_HEIGHT;
            svg.box(24, at - 10, 11, 11, Svg.colour(key.get(i).colour()));
            svg.text(41, at, "small", "start", key.get(i).text());
        }
        for (int i = 0; i < lines.size(); i++) {
            svg.text(24, under + i * LINE_HEIGHT, "soft small", "start", lines.get(i));
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

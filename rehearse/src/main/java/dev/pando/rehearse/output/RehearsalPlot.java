package dev.pando.rehearse.output;

import dev.pando.base.plot.Plot;
import dev.pando.rehearse.output.Report.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Rehearsals as a picture: latencies and who waited over time, with the statements of the migration behind them. */
public final class RehearsalPlot {
    private static final int MEDIAN = 0;
    private static final int SLOW = 2;
    /** Of statements that others waited for. */
    private static final List<Integer> TO_BLAME = List.of(1, 3, 4, 6, 7);

    private static final int FURTHER = 5;
    private static final int WIDEST_STATEMENT = 105;
    private static final int MOST_FURTHER = 4;
    /** Part of the whole time from which on a statement that nobody waited for is named above the panels. */
    private static final double LONG = 0.02;

    private final List<Drawn> all;
    private final int places;
    private final double width;
    private final List<Plot.Panel> panels = new ArrayList<>();
    private final List<Plot.Entry> key = new ArrayList<>();

    /** A rehearsal; those of one picture have slices of the same width. */
    public record Drawn(String name, Report report, Course course) {
        private List<Double> latencies() {
            return course.slices().stream()
                    .map(Course.Slice::latency)
                    .filter(latency -> latency != null)
                    .map(Latency::p99)
                    .toList();
        }
    }

    private RehearsalPlot(List<Drawn> all) {
        this.all = List.copyOf(all);
        this.width = all.getFirst().course().width();
        this.places = all.stream()
                .mapToInt(drawn -> drawn.course().slices().size())
                .max()
                .orElse(1);
    }

    /** One below the other, on the same scales. */
    public static String svg(List<Drawn> all) {
        return new RehearsalPlot(all).plot().svg();
    }

    private Plot plot() {
        all.forEach(this::draw);
        Report first = all.getFirst().report();
        String slice = TerminalReport.time(width);
        return new Plot(
                all.size() == 1
                        ? "Rehearsal of " + all.getFirst().name()
                        : "Rehearsal of A, " + all.getFirst().name() + ", and B, "
                                + all.getLast().name(),
                first.ground() + " · " + first.traffic(),
                Plot.Axis.time(IntStream.rangeClosed(0, places - 1)
                        .mapToObj(i -> i * width / 1e3)
                        .toList()),
                panels,
                key,
                List.of("A request's latency counts from when it was due to its"
                        + " answer and stands where it was due: median and 99th percentile of each " + slice
                        + ". Who waited has the colour of the statement to blame; behind stands each statement, named by its"
                        + " line, as long as it ran."));
    }

    private void draw(Drawn drawn) {
        String letter = all.size() == 1 ? "" : all.indexOf(drawn) == 0 ? "A: " : "B: ";
        Map<Integer, Integer> colours = colours(drawn);
        List<Plot.Span> spans = spans(drawn, colours);
        panels.add(new Plot.Panel(
                letter + "Latency of requests, milliseconds (logarithmic)",
                Plot.Style.COURSE,
                List.of(
                        new Plot.Series("p50", MEDIAN, latency(drawn, Latency::p50)),
                        new Plot.Series("p99", SLOW, latency(drawn, Latency::p99))),
                spans,
                all.stream().flatMap(each -> each.latencies().stream()).toList()));
        panels.add(new Plot.Panel(
                letter + "Sessions that waited for the migration at once",
                Plot.Style.STACKED,
                waiting(drawn, colours),
                spans,
                List.of((double) all.stream()
                        .flatMap(each -> each.report().line().waiting().stream())
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0))));
        entries(drawn, letter, colours);
    }

    /** By the number of a statement that others waited for; those with more waiters first. */
    private static Map<Integer, Integer> colours(Drawn drawn) {
        Map<Integer, Integer> waited = new HashMap<>();
        drawn.course()
                .slices()
                .forEach(slice ->
                        slice.waiting().forEach((step, sessions) -> waited.merge(step, sessions, Integer::sum)));
        List<Integer> worst = waited.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        Map<Integer, Integer> colours = new HashMap<>();
        for (int i = 0; i < worst.size(); i++) {
            colours.put(worst.get(i), i < TO_BLAME.size() ? TO_BLAME.get(i) : FURTHER);
        }
        return colours;
    }

    private List<Plot.Span> spans(Drawn drawn, Map<Integer, Integer> colours) {
        double whole = (places - 1) * width;
        List<Plot.Span> spans = new ArrayList<>();
        for (int i = 0; i < drawn.course().spans().size(); i++) {
            Course.Span span = drawn.course().spans().get(i);
            boolean named = colours.containsKey(i) || span.to() - span.from() > whole * LONG;
            spans.add(new Plot.Span(
                    Math.min(1, span.from() / whole),
                    Math.min(1, span.to() / whole),
                    named ? Integer.toString(drawn.report().steps().get(i).line()) : "",
                    colours.getOrDefault(i, FURTHER)));
        }
        return spans;
    }

    private double[] latency(Drawn drawn, ToDoubleFunction<Latency> figure) {
        double[] values = nothing();
        for (int i = 0; i < drawn.course().slices().size(); i++) {
            Latency latency = drawn.course().slices().get(i).latency();
            values[i] = latency == null ? Double.NaN : figure.applyAsDouble(latency);
        }
        return values;
    }

    private double[] nothing() {
        return IntStream.range(0, places).mapToDouble(i -> Double.NaN).toArray();
    }

    private List<Plot.Series> waiting(Drawn drawn, Map<Integer, Integer> colours) {
        List<Plot.Series> series = new ArrayList<>();
        colours.keySet().stream().sorted().forEach(step -> {
            double[] values = nothing();
            for (int i = 0; i < drawn.course().slices().size(); i++) {
                values[i] = drawn.course().slices().get(i).waiting().getOrDefault(step, 0);
            }
            series.add(new Plot.Series(
                    "because of " + drawn.report().lineOf(step), colours.getOrDefault(step, FURTHER), values));
        });
        return series;
    }

    /** The statements that others waited for, and a few of the others, the longest. */
    private void entries(Drawn drawn, String letter, Map<Integer, Integer> colours) {
        List<Step> steps = drawn.report().steps();
        List<Integer> further = IntStream.range(0, steps.size())
                .boxed()
                .filter(i -> colours.getOrDefault(i, FURTHER) == FURTHER)
                .sorted(Comparator.comparingDouble((Integer i) -> steps.get(i).time())
                        .reversed())
                .limit(MOST_FURTHER)
                .toList();
        for (int i = 0; i < steps.size(); i++) {
            int colour = colours.getOrDefault(i, FURTHER);
            if (colour != FURTHER || further.contains(i)) {
                Step step = steps.get(i);
                key.add(new Plot.Entry(
                        letter + drawn.report().lineOf(i) + "  "
                                + TerminalReport.shortened(step.sql(), WIDEST_STATEMENT) + "  ("
                                + TerminalReport.time(step.time()) + (step.failure() == null ? ")" : ", failed)"),
                        colour));
            }
        }
    }
}

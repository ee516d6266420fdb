package dev.pando.bench;

import dev.pando.base.plot.Plot;
import dev.pando.bench.Contestant.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The comparison of proxies as a picture: for each workload the throughput of both, and throughput and processor time as ratios. */
final class ProxyPlot {
    private final List<PointResult> points;
    private final List<Integer> clients;

    private ProxyPlot(List<PointResult> points) {
        this.points = points;
        this.clients = points.stream()
                .map(result -> result.point().clients())
                .distinct()
                .sorted()
                .toList();
    }

    static Plot of(ProxyReport report) {
        ProxyPlot plot = new ProxyPlot(report.points());
        List<String> notes = new ArrayList<>(report.circumstances().notes());
        notes.add("Medians of " + report.pace().rounds() + " rounds in turns, "
                + report.setting().connections() + " server connections each, all on one machine.");
        return new Plot(
                "Pando beside PgBouncer",
                Plots.subtitle(report.circumstances()),
                Plot.Axis.places(plot.clients.stream()
                        .map(number -> Lines.count(number) + (number == 1 ? " client" : " clients"))
                        .toList()),
                plot.panels(),
                notes);
    }

    private List<Plot.Panel> panels() {
        List<Plot.Panel> panels = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            List<Plot.Series> rates = new ArrayList<>();
            for (Kind kind : List.of(Kind.PANDO, Kind.PGBOUNCER)) {
                rates.addAll(series(kind + ", ", scenario, result -> result.median(kind, Sample::rate)));
            }
            panels.add(new Plot.Panel(scenario + ": transactions per second", Plot.Style.LINES, rates));
            panels.add(new Plot.Panel(
                    scenario + ": throughput of Pando ÷ PgBouncer's",
                    Plot.Style.LINES,
                    series("", scenario, result -> result.ratio(Kind.PANDO, Kind.PGBOUNCER, Sample::rate))));
            panels.add(new Plot.Panel(
                    scenario + ": processor time of a transaction, Pando's ÷ PgBouncer's",
                    Plot.Style.LINES,
                    series("", scenario, result -> result.ratio(Kind.PANDO, Kind.PGBOUNCER, Sample::cpuPerMillion))));
        }
        panels.removeIf(panel -> panel.series().isEmpty());
        return panels;
    }

    private List<Plot.Series> series(String prefix, Scenario scenario, Function<PointResult, OptionalDouble> figure) {
        return Arrays.stream(Protocol.values())
                .map(protocol -> new Plot.Series(
                        prefix + protocol.toString().toLowerCase(Locale.ROOT),
                        clients.stream()
                                .mapToDouble(number -> at(new Point(number, scenario, protocol), figure))
                                .toArray()))
                .toList();
    }

    private double at(Point point, Function<PointResult, OptionalDouble> figure) {
        return points.stream()
                .filter(result -> result.point().equals(point))
                .map(figure)
                .findFirst()
                .orElse(OptionalDouble.empty())
                .orElse(Double.NaN);
    }
}

package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.plot.Plot;
import dev.pando.base.terminal.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Everything {@code pando bench fleet soak} found out.
 *
 * @param tolerance percent that memory and files may grow by in the second half
 * @param looks in order of time
 */
record SoakReport(
        Circumstances circumstances,
        LoadStage.Setting setting,
        int clients,
        double tolerance,
        Sample whole,
        List<Look> looks,
        List<Counted> counted)
        implements FleetReport {
    private static final int MOST_LINES = 20;

    /**
     * What was seen at one moment, and of the requests since the look before. NaN where it is not known.
     *
     * @param second since measuring began
     * @param heapMegabytes in use, garbage included
     * @param directMegabytes outside of the heap, for the network
     */
    record Look(
            double second,
            double residentMegabytes,
            double heapMegabytes,
            double directMegabytes,
            double openFiles,
            double processors,
            double requestsPerSecond,
            long failed,
            double p50,
            double p99) {}

    SoakReport {
        looks = List.copyOf(looks);
        counted = List.copyOf(counted);
    }

    @JsonProperty
    List<Trend> trends() {
        return List.of(trend("resident memory, MB", Look::residentMegabytes), trend("open files", Look::openFiles));
    }

    private Trend trend(String what, ToDoubleFunction<Look> figure) {
        return Trend.of(
                what,
                looks.stream().map(Look::second).toList(),
                looks.stream().mapToDouble(figure).boxed().toList(),
                tolerance);
    }

    @Override
    @JsonProperty
    public boolean clean() {
        return whole.step().clean()
                && counted.stream().allMatch(Counted::equal)
                && trends().stream().allMatch(SoakReport::passes);
    }

    /** What could have been known and is not has not passed; a short run was asked for. */
    private static boolean passes(Trend trend) {
        return switch (trend.verdict()) {
            case FLAT, TOO_SHORT -> true;
            case GROWS, UNKNOWN -> false;
        };
    }

    @Override
    public void print(PrintWriter out) {
        circumstances.print(out);
        out.printf(
                Locale.ROOT,
                "%,d clients on %d server connections, %d shards with %d replicas each; INSERTs for %.0f s%n%n%s%n",
                clients,
                setting.connections(),
                setting.shards(),
                setting.replicas(),
                whole.step().windowSeconds(),
                table());
        StepResult.Latency latency = whole.step().latency();
        out.printf(
                Locale.ROOT,
                "whole: %,.0f requests/s, %s, p50 %s ms, p99 %s ms, p99.9 %s ms, CPU %.1f s/M%n",
                whole.rate(),
                Lines.percent(whole.step().successPercent()),
                Lines.millis(latency.p50()),
                Lines.millis(latency.p99()),
                Lines.millis(latency.p999()),
                whole.cpuPerMillion());
        if (!whole.step().clean()) {
            out.println("FAILED  " + whole.step().failure());
        }
        trends().forEach(trend -> out.println(trend.render()));
        out.println(Trend.RULE);
        out.println();
        counted.forEach(one -> out.print(one.render()));
    }

    /** {@link #MOST_LINES} at most, and the last look: the rest is in JSON and picture. */
    private String table() {
        TextTable table = new TextTable(
                "s",
                "MB resident",
                "MB heap",
                "MB direct",
                "open files",
                "CPUs",
                "requests/s",
                "failed",
                "p50 ms",
                "p99");
        int every = Math.max(1, Math.ceilDiv(looks.size(), MOST_LINES));
        for (int i = 0; i < looks.size(); i++) {
            if (i % every == 0 || i == looks.size() - 1) {
                Look look = looks.get(i);
                table.row(
                        whole(look.second()),
                        whole(look.residentMegabytes()),
                        whole(look.heapMegabytes()),
                        whole(look.directMegabytes()),
                        whole(look.openFiles()),
                        String.format(Locale.ROOT, "%.2f", look.processors()),
                        whole(look.requestsPerSecond()),
                        Lines.count(look.failed()),
                        Lines.millis(look.p50()),
                        Lines.millis(look.p99()));
            }
        }
        return table.render();
    }

    private static String whole(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.0f", value) : "–";
    }

    @Override
    public Plot plot() {
        return new Plot(
                Lines.count(clients) + " clients for " + Math.round(whole.step().windowSeconds()) + " seconds",
                Plots.subtitle(circumstances),
                Plot.Axis.time(looks.stream().map(Look::second).toList()),
                List.of(
                        panel(
                                "Memory of Pando, MB",
                                Plot.Style.LINES,
                                series("resident", Look::residentMegabytes),
                                series("heap", Look::heapMegabytes),
                                series("direct", Look::directMegabytes)),
                        panel("Open files", Plot.Style.LINES, series("files", Look::openFiles)),
                        panel("Requests per second", Plot.Style.LINES, series("INSERTs", Look::requestsPerSecond)),
                        panel(
                                "Latency, milliseconds (logarithmic)",
                                Plot.Style.LOGARITHMIC,
                                series("p50", Look::p50),
                                series("p99", Look::p99))),
                Stream.concat(trends().stream().map(Trend::render), Stream.of(Trend.RULE))
                        .toList());
    }

    private static Plot.Panel panel(String title, Plot.Style style, Plot.Series... series) {
        return new Plot.Panel(title, style, List.of(series));
    }

    private Plot.Series series(String name, ToDoubleFunction<Look> figure) {
        return new Plot.Series(name, looks.stream().mapToDouble(figure).toArray());
    }
}

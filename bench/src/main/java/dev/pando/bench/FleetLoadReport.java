package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.plot.Plot;
import dev.pando.base.terminal.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything {@code pando bench fleet load} found out. */
record FleetLoadReport(
        Circumstances circumstances,
        LoadStage.Setting setting,
        Pace pace,
        List<Comparison> clients,
        List<Counted> counted)
        implements FleetReport {
    FleetLoadReport {
        clients = List.copyOf(clients);
        counted = List.copyOf(counted);
    }

    @Override
    @JsonProperty
    public boolean clean() {
        return clients.stream().allMatch(Comparison::clean) && counted.stream().allMatch(Counted::equal);
    }

    @JsonProperty
    List<Published> published() {
        return Published.WRITES;
    }

    @Override
    public void print(PrintWriter out) {
        circumstances.print(out);
        out.printf(
                Locale.ROOT,
                "%d shards with %d replicas each, and one server without; %d server connections of each proxy; %s%n%n",
                setting.shards(),
                setting.replicas(),
                setting.connections(),
                String.join(" and ", setting.workload().tables()));
        out.print(Comparison.table("clients", clients, LoadStage.PGBOUNCER));
        out.printf("%npublished for a sharded cluster behind an HTTP API, other hardware:%n%s%n", publishedTable());
        for (Counted one : counted) {
            out.print(one.render());
        }
        clients.forEach(comparison -> out.print(comparison.failures()));
        out.printf(
                "%nMedians of %d rounds in turns; a ratio is the median of each round's own. %s%n",
                pace.rounds(), WriteReport.METHOD);
    }

    private static String publishedTable() {
        TextTable table = new TextTable("clients", "requests/s", "mean ms", "success");
        for (Published one : Published.WRITES) {
            table.row(
                    Lines.count(one.clients()),
                    Lines.count(Math.round(one.requestsPerSecond())),
                    Lines.count(Math.round(one.meanMillis())),
                    String.format(Locale.ROOT, "%.1f %%", one.successPercent()));
        }
        return table.render();
    }

    /** Of clients. */
    private static int number(Comparison step) {
        return step.entries().getFirst().samples().getFirst().step().clients();
    }

    @Override
    public Plot plot() {
        Plot.Series published = new Plot.Series(
                "published, other hardware, HTTP API",
                clients.stream()
                        .mapToDouble(step -> Published.at(number(step))
                                .map(Published::requestsPerSecond)
                                .orElse(Double.NaN))
                        .toArray());
        List<String> ways =
                clients.getFirst().entries().stream().map(Comparison.Entry::way).toList();
        return new Plot(
                "Single-row INSERTs: " + setting.shards() + " shards with replicas, and one server",
                Plots.subtitle(circumstances),
                Plot.Axis.places(
                        clients.stream().map(step -> step.title() + " clients").toList()),
                List.of(
                        new Plot.Panel(
                                "Requests per second",
                                Plot.Style.BARS,
                                Stream.concat(
                                                ways.stream().map(way -> Plots.of(way, way, clients, Sample::rate)),
                                                Optional.of(published).stream())
                                        .toList()),
                        new Plot.Panel(
                                "Latency, milliseconds (logarithmic)",
                                Plot.Style.LOGARITHMIC,
                                ways.stream()
                                        .flatMap(way -> Stream.of(
                                                Plots.of(
                                                        way + " p50",
                                                        way,
                                                        clients,
                                                        sample -> sample.step()
                                                                .latency()
                                                                .p50()),
                                                Plots.of(
                                                        way + " p99",
                                                        way,
                                                        clients,
                                                        sample -> sample.step()
                                                                .latency()
                                                                .p99())))
                                        .toList())),
                List.of("Closed loop. " + setting.connections() + " server connections each, all on one machine."));
    }
}

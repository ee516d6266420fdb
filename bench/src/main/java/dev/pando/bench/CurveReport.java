package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.plot.Plot;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Everything {@code pando bench fleet curve} found out. */
record CurveReport(Circumstances circumstances, int clients, Pace pace, List<Comparison> requests)
        implements FleetReport {
    static final String CAVEAT =
            "All shards, Pando and the clients share this machine: a curve of what requests cost, not of throughput.";

    /** What clients ask for. */
    enum Request {
        LOOK_UP("look-up, one shard"),
        AGGREGATE("aggregate, all shards"),
        ORDERED("ORDER BY LIMIT, all shards"),
        UPDATE("UPDATE, all shards");

        private final String title;

        Request(String title) {
            this.title = title;
        }

        Work work() {
            return switch (this) {
                case LOOK_UP -> new LookUps(LookUps.Table.ITEMS, Protocol.PREPARED, Items.KEYS);
                case AGGREGATE -> new Buckets(Buckets.Statement.AGGREGATE);
                case ORDERED -> new Buckets(Buckets.Statement.ORDERED);
                case UPDATE -> new Buckets(Buckets.Statement.UPDATE);
            };
        }

        /** Whether it leaves something in the tables. */
        boolean changes() {
            return this == UPDATE;
        }

        /** What reports call it; its name is what is typed. */
        String title() {
            return title;
        }
    }

    CurveReport {
        requests = List.copyOf(requests);
    }

    static String way(int shards) {
        return shards == 1 ? "1 shard" : shards + " shards";
    }

    @Override
    @JsonProperty
    public boolean clean() {
        return requests.stream().allMatch(Comparison::clean);
    }

    private List<String> ways() {
        return requests.getFirst().entries().stream().map(Comparison.Entry::way).toList();
    }

    @Override
    public void print(PrintWriter out) {
        circumstances.print(out);
        out.printf("%d clients; %s%n%n%s", clients, CAVEAT, Comparison.table("request", requests, ways().getFirst()));
        requests.forEach(comparison -> out.print(comparison.failures()));
        out.printf("%nMedians of %d rounds in turns; a ratio is the median of each round's own.%n", pace.rounds());
    }

    @Override
    public Plot plot() {
        return new Plot(
                "What a request costs, by number of shards",
                Plots.subtitle(circumstances),
                Plot.Axis.places(ways()),
                List.of(
                        new Plot.Panel(
                                "Processor microseconds of Pando for a request (logarithmic)",
                                Plot.Style.LOGARITHMIC,
                                series(Sample::cpuPerMillion)),
                        new Plot.Panel(
                                "Median latency, milliseconds (logarithmic)",
                                Plot.Style.LOGARITHMIC,
                                series(sample -> sample.step().latency().p50()))),
                List.of(clients + " clients. " + CAVEAT));
    }

    private List<Plot.Series> series(ToDoubleFunction<Sample> figure) {
        return requests.stream()
                .map(request -> new Plot.Series(
                        request.title().substring(0, request.title().indexOf(',')),
                        ways().stream()
                                .mapToDouble(way -> request.median(way, figure).orElse(Double.NaN))
                                .toArray()))
                .toList();
    }
}

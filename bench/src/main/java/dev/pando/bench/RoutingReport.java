package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pando.base.plot.Plot;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Everything {@code pando bench fleet routing} found out. */
record RoutingReport(Circumstances circumstances, int clients, Pace pace, List<Comparison> protocols)
        implements FleetReport {
    static final String UNREAD = "unread";
    static final String READ = "read";
    static final String ROUTED = "routed, 1 shard";
    static final String PGBOUNCER = "PgBouncer";

    /** That much more may understanding cost. */
    private static final double BOUND = 1.1;

    RoutingReport {
        protocols = List.copyOf(protocols);
    }

    @Override
    @JsonProperty
    public boolean clean() {
        return protocols.stream().allMatch(Comparison::clean);
    }

    @JsonProperty
    List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Comparison protocol : protocols) {
            for (String way : List.of(READ, ROUTED)) {
                protocol.ratio(way, UNREAD, Sample::cpuPerMillion)
                        .ifPresent(ratio -> targets.add(
                                new Target("CPU, " + protocol.title() + ", " + way, BOUND, false, " × unread", ratio)));
            }
            protocol.ratio(UNREAD, PGBOUNCER, Sample::cpuPerMillion)
                    .ifPresent(ratio -> targets.add(
                            new Target("CPU, " + protocol.title() + ", unread", 1, false, " × PgBouncer", ratio)));
        }
        return targets;
    }

    @Override
    public void print(PrintWriter out) {
        circumstances.print(out);
        out.printf(
                "%d clients, a server connection each; look-ups by key on one PostgreSQL%n%n%s%n%s",
                clients, Comparison.table("protocol", protocols, UNREAD), Target.render(targets()));
        protocols.forEach(comparison -> out.print(comparison.failures()));
        out.printf("%nMedians of %d rounds in turns; a ratio is the median of each round's own.%n", pace.rounds());
    }

    @Override
    public Plot plot() {
        List<String> ways = List.of(UNREAD, READ, ROUTED, PGBOUNCER);
        return new Plot(
                "What understanding statements costs",
                Plots.subtitle(circumstances),
                Plot.Axis.places(protocols.stream().map(Comparison::title).toList()),
                List.of(
                        new Plot.Panel(
                                "Processor seconds of the proxy for a million look-ups",
                                Plot.Style.BARS,
                                ways.stream()
                                        .map(way -> Plots.of(way, way, protocols, Sample::cpuPerMillion))
                                        .toList()),
                        new Plot.Panel(
                                "Requests per second",
                                Plot.Style.BARS,
                                ways.stream()
                                        .map(way -> Plots.of(way, way, protocols, Sample::rate))
                                        .toList())),
                List.of(clients + " clients with a server connection each, one PostgreSQL, all on one machine."));
    }
}

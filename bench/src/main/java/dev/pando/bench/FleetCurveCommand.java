package dev.pando.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "curve",
        description =
                "What requests cost Pando by the number of shards: look-ups on one, SELECTs and UPDATEs over all. All"
                        + " shards are on this machine, so this says nothing about throughput.",
        mixinStandardHelpOptions = true)
final class FleetCurveCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final FleetArguments arguments = new FleetArguments();

    @Mixin
    private final FleetArguments.Turns turns = new FleetArguments.Turns();

    @Option(
            names = "--shards",
            split = ",",
            paramLabel = "N[,N...]",
            defaultValue = "1,2,4,8,16",
            description = "Numbers of shards to compare. Default: ${DEFAULT-VALUE}")
    private List<Integer> shards = List.of();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Clients at once, each with one request under way; each finds a server connection on every shard."
                            + " Default: ${DEFAULT-VALUE}")
    private int clients;

    @Option(
            names = "--requests",
            split = ",",
            paramLabel = "R",
            defaultValue = "look_up,aggregate,ordered,update",
            description = "What is asked, of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private List<CurveReport.Request> requests = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Pace pace = turns.pace(command);
        if (shards.isEmpty()
                || requests.isEmpty()
                || shards.stream().anyMatch(number -> number < 1 || number > 128)
                || shards.stream().distinct().count() < shards.size()
                || clients > Items.BUCKETS) {
            throw new ParameterException(
                    command, "--shards are different numbers from 1 to 128, --clients at most " + Items.BUCKETS);
        }
        FleetArguments.require(command, List.of(clients), (long) clients * most());
        return arguments.run(command, (cleanup, circumstances, out) -> measure(cleanup, pace, circumstances, out));
    }

    private int most() {
        return shards.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private CurveReport measure(Cleanup cleanup, Pace pace, Circumstances circumstances, PrintWriter out)
            throws SQLException, IOException, InterruptedException {
        int runs = requests.size() * shards.size();
        try (Progress progress = new Progress(out, runs * (pace.rounds() + 1))) {
            Map<Way, Items> ways = ways(cleanup, progress);
            progress.begin();
            Pace settling = new Pace(1, pace.warmUp(), pace.settle().dividedBy(requests.size()), pace.settle());
            for (CurveReport.Request request : requests) {
                compare(ways, request, settling, progress);
            }
            List<Comparison> comparisons = new ArrayList<>();
            for (CurveReport.Request request : requests) {
                comparisons.add(compare(ways, request, pace, progress));
            }
            return new CurveReport(circumstances, clients, pace, comparisons);
        }
    }

    private Comparison compare(Map<Way, Items> ways, CurveReport.Request request, Pace pace, Progress progress)
            throws SQLException, InterruptedException {
        Map<Way, List<Sample>> samples = Run.inTurns(pace.rounds(), List.copyOf(ways.keySet()), way -> {
            Items items = Objects.requireNonNull(ways.get(way));
            var run = new Run(request.work(), 1, clients, pace.warmUp(), pace.window());
            Usage usage = new Usage(way.process(), progress.watch(request.title() + ", " + way.name()));
            Sample sample = run.measure(
                    way.url(),
                    usage,
                    () -> request.changes() ? OptionalLong.of(items.changes()) : OptionalLong.empty());
            progress.step();
            return sample;
        });
        return Comparison.of(request.title(), samples);
    }

    /** A Pando of its own for each number of shards, all before the same servers, each with a database of its own there. */
    private Map<Way, Items> ways(Cleanup cleanup, Progress progress)
            throws SQLException, IOException, InterruptedException {
        String connections = Integer.toString(
                shards.size() * (clients + FleetArguments.OWN_CONNECTIONS) + FleetArguments.OWN_CONNECTIONS);
        FleetServers servers = FleetServers.open(
                cleanup,
                new FleetServers.Sizes(
                        most(),
                        0,
                        Map.of(
                                "max_connections",
                                connections,
                                "max_prepared_transactions",
                                connections,
                                "shared_buffers",
                                "32MB",
                                "fsync",
                                "off")),
                progress);
        ProxySizes sizes = new ProxySizes(clients, clients + FleetArguments.SPARE_CLIENTS);
        Map<Way, Items> ways = new LinkedHashMap<>();
        for (int number : shards) {
            String name = CurveReport.way(number);
            progress.show("starting Pando, " + name);
            FleetServers part = servers.database("over_" + number, number);
            Proxies.Started pando = new Proxies(cleanup)
                    .pando(PandoServe.shards(part.fleet(), part.app(), part.control(), sizes), part.app());
            Items items = new Items(cleanup.add(pando.url().connect()));
            items.create(true);
            ways.put(Way.through(name, pando), items);
        }
        return ways;
    }
}

package dev.pando.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
        name = "routing",
        description =
                "Look-ups by key on one PostgreSQL four ways: through Pando unread (session mode), read (transaction mode)"
                        + " and routed (one shard), and through PgBouncer.",
        mixinStandardHelpOptions = true)
final class FleetRoutingCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final FleetArguments arguments = new FleetArguments();

    @Mixin
    private final FleetArguments.Turns turns = new FleetArguments.Turns();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "64",
            description = "Clients at once, each with a server connection of its own. Default: ${DEFAULT-VALUE}")
    private int clients;

    @Option(
            names = "--protocols",
            split = ",",
            paramLabel = "P",
            defaultValue = "simple,extended,prepared",
            description = "How statements are sent, of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private List<Protocol> protocols = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Pace pace = turns.pace(command);
        FleetArguments.require(command, List.of(clients), 4L * clients);
        if (protocols.isEmpty()) {
            throw new ParameterException(command, "--protocols is empty");
        }
        return arguments.run(command, (cleanup, circumstances, out) -> measure(cleanup, pace, circumstances, out));
    }

    private RoutingReport measure(Cleanup cleanup, Pace pace, Circumstances circumstances, PrintWriter out)
            throws SQLException, IOException, InterruptedException {
        PgBouncer program = FleetArguments.pgBouncer();
        int number = 3 + (program != null ? 1 : 0);
        try (Progress progress = new Progress(out, protocols.size() * number * (pace.rounds() + 1))) {
            List<Way> ways = ways(cleanup, program, progress);
            progress.begin();
            for (Protocol protocol : protocols) {
                Pace settling = new Pace(1, pace.warmUp(), pace.settle().dividedBy(protocols.size()), pace.settle());
                compare(ways, protocol, settling, progress);
            }
            List<Comparison> comparisons = new ArrayList<>();
            for (Protocol protocol : protocols) {
                comparisons.add(compare(ways, protocol, pace, progress));
            }
            String note = PgBouncer.note(program, protocols.contains(Protocol.PREPARED));
            return new RoutingReport(circumstances.with(List.of(note)), clients, pace, comparisons);
        }
    }

    private Comparison compare(List<Way> ways, Protocol protocol, Pace pace, Progress progress)
            throws SQLException, InterruptedException {
        int perRequest = protocol == Protocol.PIPELINED ? LookUps.PIPELINE : 1;
        Work work = new LookUps(LookUps.Table.ITEMS, protocol, Items.KEYS);
        String name = protocol.toString().toLowerCase(Locale.ROOT);
        List<Way> part = ways.stream()
                .filter(way -> way.prepares() || protocol != Protocol.PREPARED)
                .toList();
        Map<Way, List<Sample>> samples = Run.inTurns(pace.rounds(), part, way -> {
            var run = new Run(work, perRequest, clients, pace.warmUp(), pace.window());
            Usage usage = new Usage(way.process(), progress.watch(name + ", " + way.name()));
            Sample sample = run.measure(way.url(), usage, OptionalLong::empty);
            progress.step();
            return sample;
        });
        return Comparison.of(name, samples);
    }

    private List<Way> ways(Cleanup cleanup, @Nullable PgBouncer program, Progress progress)
            throws SQLException, IOException, InterruptedException {
        ProxySizes sizes = new ProxySizes(clients, clients + FleetArguments.SPARE_CLIENTS);
        String most = Integer.toString(5 * clients + 3 * FleetArguments.OWN_CONNECTIONS);
        FleetServers servers = FleetServers.open(
                cleanup,
                new FleetServers.Sizes(
                        1, 0, Map.of("max_connections", most, "max_prepared_transactions", most, "fsync", "off")),
                progress);
        try (Connection connection = servers.app().connect()) {
            new Items(connection).create(false);
        }
        FleetServers shard = servers.database("sharded", 1);
        Proxies proxies = new Proxies(cleanup);
        List<Way> ways = new ArrayList<>();
        progress.show("starting Pando");
        for (PandoServe.Mode mode : List.of(PandoServe.Mode.SESSION, PandoServe.Mode.TRANSACTION)) {
            String name = mode == PandoServe.Mode.SESSION ? RoutingReport.UNREAD : RoutingReport.READ;
            ways.add(Way.through(name, proxies.pando(PandoServe.plain(servers.app(), sizes, mode), servers.app())));
        }
        Proxies.Started routed =
                proxies.pando(PandoServe.shards(shard.fleet(), shard.app(), shard.control(), sizes), shard.app());
        try (Connection connection = routed.url().connect()) {
            new Items(connection).create(true);
        }
        ways.add(Way.through(RoutingReport.ROUTED, routed));
        if (program != null) {
            ways.add(Way.through(RoutingReport.PGBOUNCER, proxies.pgBouncer(program, servers.app(), sizes)));
        }
        return ways;
    }
}

package dev.pando.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.bench.Contestant.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "proxy",
        description =
                "Compare Pando with PgBouncer and with no proxy at all, in turns. Starts all it needs and leaves nothing.",
        mixinStandardHelpOptions = true)
final class ProxyCommand implements Callable<Integer> {
    private static final int SPARE_CLIENTS = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "URL",
            converter = BenchCommand.UrlConverter.class,
            description =
                    "A PostgreSQL to use instead of a new one; schema pando_bench in it is made anew and dropped.")
    private @Nullable PostgresUrl server;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "WHO",
            defaultValue = "direct,pgbouncer,pando",
            description = "Whom to measure. Default: ${DEFAULT-VALUE}")
    private List<Kind> only = List.of();

    @Option(names = "--full", description = "All points there are; takes an hour or two.")
    private boolean full;

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "N",
            description = "Measure these numbers of clients instead.")
    private List<Integer> clients = List.of();

    @Option(names = "--workloads", split = ",", paramLabel = "W", description = "Of: ${COMPLETION-CANDIDATES}")
    private List<Scenario> workloads = List.of();

    @Option(names = "--protocols", split = ",", paramLabel = "P", description = "Of: ${COMPLETION-CANDIDATES}")
    private List<Protocol> protocols = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each, in turns. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1",
            description = "Measured time of each run. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "0.2",
            description = "Unmeasured time before each. Default: ${DEFAULT-VALUE}")
    private double warmUp;

    @Option(
            names = "--settle",
            paramLabel = "S",
            defaultValue = "4",
            description = "Unmeasured load on each at the beginning. Default: ${DEFAULT-VALUE}")
    private double settle;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "Server connections of each proxy. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "10",
            description = "100,000 accounts each, as pgbench's. Default: ${DEFAULT-VALUE}")
    private int scale;

    @Option(
            names = "--idle",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Idle clients whose memory is measured; 0 for none. Default: ${DEFAULT-VALUE}")
    private int idle;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Starts of each proxy, of which the median counts. Default: ${DEFAULT-VALUE}")
    private int starts;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures, of every round, there.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw throughput and processor time there.")
    private @Nullable Path svg;

    private final List<String> notes = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException, IOException {
        PrintWriter out = command().commandLine().getOut();
        requireSense();
        Circumstances circumstances = Circumstances.now();
        ProxyReport report;
        try (Cleanup cleanup = new Cleanup()) {
            report = measure(cleanup, circumstances, out);
        } catch (SQLException e) {
            Object where = server == null ? "bench proxy" : server;
            throw PandoException.causedBy(e, PandoError.BENCH_ENDPOINT, where, Lines.first(e));
        }
        print(report, out);
        if (json != null) {
            Json.write(json, Json.text(report));
            out.printf("%nreport: %s%n", json);
        }
        if (svg != null) {
            Json.write(svg, ProxyPlot.of(report).svg());
            out.printf("%npicture: %s%n", svg);
        }
        out.flush();
        return report.clean() ? 0 : 1;
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    private void requireSense() {
        boolean sense = rounds > 0
                && seconds > 0
                && warmUp >= 0
                && settle > 0
                && connections > 0
                && scale > 0
                && starts > 0
                && idle >= 0
                && clients.stream().allMatch(number -> number > 0);
        if (!sense) {
            throw new ParameterException(
                    command().commandLine(), "all numbers start at 1, except --warm-up and --idle, which may be 0");
        }
    }

    private ProxyReport measure(Cleanup cleanup, Circumstances circumstances, PrintWriter out)
            throws SQLException, IOException, InterruptedException {
        List<Point> points = points();
        int most = points.stream().mapToInt(Point::clients).max().orElseThrow();
        WriteCommand.requireFiles(most, 0);
        idle = (int) Math.min(idle, files() - WriteCommand.SPARE_FILES);
        var starting =
                new Contestants(cleanup, new ProxySizes(connections, Math.max(most, idle) + SPARE_CLIENTS), starts);
        PostgresUrl url = server == null ? starting.server() : server;
        var setting = new ProxyRuns.Setting(connections, scale);
        Pace pace = new Pace(
                rounds,
                FleetArguments.duration(warmUp),
                FleetArguments.duration(seconds),
                FleetArguments.duration(settle));
        Connection connection = cleanup.add(url.connect());
        BenchSchema schema = new BenchSchema(connection);
        try (Progress progress = new Progress(out, points.size())) {
            progress.show("filling tables");
            schema.create(scale);
            cleanup.add(schema::drop);
            boolean prepared = points.stream().anyMatch(point -> point.protocol() == Protocol.PREPARED);
            List<Contestant> contestants = contestants(starting, url, prepared);
            var runs = new ProxyRuns(contestants, schema, setting, pace);
            List<Resting> resting = resting(runs, contestants, progress);
            progress.show("settling");
            runs.settle();
            List<PointResult> results = new ArrayList<>();
            progress.begin();
            for (Point point : points) {
                progress.show(point.toString());
                results.add(runs.measure(point));
                progress.step();
            }
            return new ProxyReport(circumstances.with(notes), setting, pace, resting, results);
        }
    }

    private List<Point> points() {
        if (full) {
            return Point.full();
        }
        if (clients.isEmpty() && workloads.isEmpty() && protocols.isEmpty()) {
            return Point.usual();
        }
        List<Point> points = Point.product(
                clients.isEmpty() ? List.of(64) : clients,
                workloads.isEmpty() ? List.of(Scenario.SELECT_ONLY) : workloads,
                protocols.isEmpty() ? List.of(Protocol.values()) : protocols);
        if (points.isEmpty()) {
            throw new ParameterException(
                    command().commandLine(),
                    "there is no such point: COPY is of protocol simple and of up to 8 clients");
        }
        return points;
    }

    private List<Contestant> contestants(Contestants starting, PostgresUrl url, boolean prepared)
            throws IOException, InterruptedException {
        List<Contestant> all = new ArrayList<>();
        for (Kind kind : only) {
            switch (kind) {
                case DIRECT -> all.add(starting.direct(url));
                case PGBOUNCER -> {
                    Optional<PgBouncer> program =
                            PgBouncer.installed(Objects.requireNonNullElse(System.getenv("PATH"), ""));
                    if (program.isPresent()) {
                        all.add(starting.pgBouncer(program.get(), url));
                    }
                    notes.add(PgBouncer.note(program.orElse(null), prepared));
                }
                case PANDO -> all.add(starting.pando(url));
            }
        }
        return all;
    }

    private List<Resting> resting(ProxyRuns runs, List<Contestant> contestants, Progress progress)
            throws InterruptedException {
        List<Resting> resting = new ArrayList<>();
        for (Contestant contestant : contestants) {
            if (contestant.process() != null) {
                progress.show(contestant.kind() + " with idle clients");
                resting.add(runs.rest(contestant, idle));
            }
        }
        return resting;
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? os.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    private static void print(ProxyReport report, PrintWriter out) {
        report.circumstances().print(out);
        out.printf("%n%s%n%s%n%s", report.restingTable(), report.table(), Target.render(report.targets()));
        out.print(report.failures());
        out.printf(
                "%nMedians of %d rounds in turns; a ratio is the median of each round's own. For COPY, tx are megabytes.%n",
                report.pace().rounds());
    }
}

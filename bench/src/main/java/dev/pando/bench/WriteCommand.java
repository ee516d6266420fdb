package dev.pando.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.terminal.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "write",
        description = "Measure single-row INSERTs from many connections at once.",
        mixinStandardHelpOptions = true)
final class WriteCommand implements Callable<Integer> {
    static final Duration CATCH_UP = Duration.ofSeconds(60);

    /** The JVM's own files, the control connections and room for reconnects. */
    static final int SPARE_FILES = 256;

    enum Mix {
        users,
        messages;

        Workload workload() {
            return switch (this) {
                case users -> Workload.USERS;
                case messages -> Workload.MESSAGES;
            };
        }
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final BenchCommand.Endpoint endpoint = new BenchCommand.Endpoint();

    @Option(
            names = "--clients",
            paramLabel = "N[,N...]",
            split = ",",
            defaultValue = "1000,5000,10000",
            description = "Connections of each step. Default: ${DEFAULT-VALUE}")
    private List<Integer> clients = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "Measured time of each step. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "3",
            description = "Unmeasured time before it. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(
            names = "--loops",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops of the load generator. Default: ${DEFAULT-VALUE}")
    private int loops;

    @Option(
            names = "--mix",
            defaultValue = "users",
            description =
                    "What is inserted: ${COMPLETION-CANDIDATES} (a user, then a message of theirs). Default: users")
    private Mix mix = Mix.users;

    @Option(
            names = "--answer-limit",
            paramLabel = "S",
            defaultValue = "30",
            description = "Wait that long for answers still out at the end. Default: ${DEFAULT-VALUE}")
    private int answerLimit;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "bench-results/bench-write.json",
            description = "Default: ${DEFAULT-VALUE}")
    private Path json = Path.of("bench-results/bench-write.json");

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            defaultValue = "bench-results/bench-write.svg",
            description = "Default: ${DEFAULT-VALUE}")
    private Path svg = Path.of("bench-results/bench-write.svg");

    @Override
    public Integer call() throws InterruptedException, IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        if (clients.isEmpty() || clients.stream().anyMatch(n -> n < 1) || seconds < 1 || warmUp < 0 || loops < 1) {
            throw new ParameterException(
                    command.commandLine(), "--clients, --seconds and --loops start at 1, --warm-up at 0");
        }
        requireFiles(clients.stream().mapToInt(Integer::intValue).max().orElseThrow(), 0);
        PrintWriter out = command.commandLine().getOut();
        WriteReport report;
        try {
            report = measure(out);
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_ENDPOINT, endpoint.url, Lines.first(e));
        }
        print(report, out);
        Json.write(json, Json.text(report));
        Json.write(svg, Chart.svg(report));
        out.printf("%nreport: %s%npicture: %s%n", json, svg);
        out.flush();
        return report.clean() ? 0 : 1;
    }

    /** @param connections that the same process has, beside its clients' */
    static void requireFiles(int clients, long connections) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            requireFiles(clients, connections, os.getMaxFileDescriptorCount());
        }
    }

    static void requireFiles(int clients, long connections, long limit) {
        long others = connections + SPARE_FILES;
        long needed = clients + others;
        if (needed > limit) {
            throw new PandoException(
                    PandoError.BENCH_OPEN_FILES, Lines.count(clients), Lines.count(others), needed, limit, needed);
        }
    }

    private WriteReport measure(PrintWriter out) throws SQLException, InterruptedException {
        try (Connection connection = endpoint.url.connect()) {
            BenchTables tables = new BenchTables(connection);
            tables.create();
            boolean pando = tables.distribute(null, false);
            Fleet fleet = pando ? endpoint.fleet() : null;
            out.printf(
                    "%s (PostgreSQL %s%s), %d event loop%s%n",
                    endpoint.url, tables.version(), pando ? ", through Pando" : "", loops, loops == 1 ? "" : "s");
            List<StepResult> steps = new ArrayList<>();
            for (int step : clients) {
                steps.add(step(step, tables, out));
            }
            FleetCounts counts = fleet == null ? null : FleetCounts.count(fleet, endpoint.url, "users", CATCH_UP);
            return new WriteReport(
                    Instant.now(),
                    endpoint.url.toString(),
                    tables.version(),
                    pando,
                    machine(),
                    mix.workload(),
                    warmUp,
                    seconds,
                    loops,
                    steps,
                    counts);
        }
    }

    static WriteReport.Machine machine() {
        return WriteReport.Machine.here(
                ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                        ? os.getTotalMemorySize()
                        : 0);
    }

    private StepResult step(int clients, BenchTables tables, PrintWriter out)
            throws SQLException, InterruptedException {
        long before = tables.count(mix.workload().tables());
        var plan = new WriteStep.Plan(
                endpoint.url,
                mix.workload(),
                clients,
                Math.min(loops, clients),
                Duration.ofSeconds(warmUp),
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(answerLimit),
                new SecureRandom().nextLong());
        WriteStep.Outcome outcome;
        try (ProgressLine line = new ProgressLine(out)) {
            outcome = new WriteStep(plan, new Narrator(line, out)).run();
        }
        long inserted = tables.count(mix.workload().tables()) - before;
        return StepResult.of(clients, outcome.rampSeconds(), outcome.windowSeconds(), outcome.tally(), inserted);
    }

    private record Narrator(ProgressLine line, PrintWriter out) implements WriteStep.Watcher {
        @Override
        public void connected(int connected, int clients, double seconds) {
            out.printf(Locale.ROOT, "%,d of %,d clients connected in %.1f s%n", connected, clients, seconds);
            out.flush();
        }

        @Override
        public void running(String phase, Duration elapsed, Duration total, long acknowledged) {
            String text = String.format(
                    Locale.ROOT,
                    "%s, %d of %d s, %,d rows acknowledged",
                    phase,
                    elapsed.toSeconds(),
                    total.toSeconds(),
                    acknowledged);
            line.show(text, elapsed);
        }
    }

    private static void print(WriteReport report, PrintWriter out) {
        out.println();
        out.print(report.table());
        if (!report.errors().isEmpty()) {
            out.println();
            out.print(report.errors());
        }
        out.println();
        out.print(report.proof());
        if (report.servers() != null) {
            out.println();
            out.print(report.servers().render());
        }
        out.println();
        out.println(WriteReport.METHOD);
    }
}

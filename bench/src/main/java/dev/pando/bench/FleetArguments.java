package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the parts of {@code bench fleet} have in common. */
final class FleetArguments {
    /** Beside those measured, for the connections that look on. */
    static final int SPARE_CLIENTS = 100;

    /** For Pando's own connections to a server, beside its pool's. */
    static final int OWN_CONNECTIONS = 30;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw them there.")
    private @Nullable Path svg;

    /** How long each is measured, and how often. */
    static final class Turns {
        @Option(
                names = "--rounds",
                paramLabel = "N",
                defaultValue = "3",
                description = "Runs of each, in turns. Default: ${DEFAULT-VALUE}")
        private int rounds;

        @Option(
                names = "--seconds",
                paramLabel = "S",
                defaultValue = "5",
                description = "Measured time of each run. Default: ${DEFAULT-VALUE}")
        private double seconds;

        @Option(
                names = "--warm-up",
                paramLabel = "S",
                defaultValue = "2",
                description = "Unmeasured time before each. Default: ${DEFAULT-VALUE}")
        private double warmUp;

        @Option(
                names = "--settle",
                paramLabel = "S",
                defaultValue = "15",
                description = "Unmeasured load by each way at the beginning. Default: ${DEFAULT-VALUE}")
        private double settle;

        Pace pace(CommandLine command) {
            if (rounds < 1 || seconds <= 0 || warmUp < 0 || settle < 0) {
                throw new ParameterException(
                        command, "--rounds starts at 1, --seconds above 0, --warm-up and --settle at 0");
            }
            return new Pace(rounds, duration(warmUp), duration(seconds), duration(settle));
        }
    }

    static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /**
     * Refuses more clients than a process has files for, or addresses to come from.
     *
     * @param serverConnections of a proxy, which has as many files as this process
     */
    static void require(CommandLine command, List<Integer> clients, long serverConnections) {
        if (clients.isEmpty() || clients.stream().anyMatch(number -> number < 1)) {
            throw new ParameterException(command, "--clients starts at 1");
        }
        int most = clients.stream().mapToInt(Integer::intValue).max().orElseThrow();
        WriteCommand.requireFiles(most, serverConnections);
        OperatingSystem.ports().ifPresent(ports -> requirePorts(command, most, ports));
    }

    static void requirePorts(CommandLine command, int clients, int ports) {
        if (clients + SPARE_CLIENTS > ports) {
            throw new ParameterException(
                    command,
                    Lines.count(clients) + " clients of one address need as many ports, and the system gives "
                            + Lines.count(ports) + "; run: sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"");
        }
    }

    /** Null where it is not installed. */
    static @Nullable PgBouncer pgBouncer() throws IOException, InterruptedException {
        return PgBouncer.installed(Objects.requireNonNullElse(System.getenv("PATH"), ""))
                .orElse(null);
    }

    /** Measures with servers and proxies that {@code cleanup} ends. */
    interface Part {
        FleetReport measure(Cleanup cleanup, Circumstances circumstances, PrintWriter out)
                throws SQLException, IOException, InterruptedException;
    }

    /** Measures, and tells what came of it; answers the exit code. */
    int run(CommandLine command, Part part) throws IOException, InterruptedException {
        PrintWriter out = command.getOut();
        Circumstances circumstances = Circumstances.now();
        FleetReport report;
        try (Cleanup cleanup = new Cleanup()) {
            report = part.measure(cleanup, circumstances, out);
        } catch (SQLException e) {
            throw PandoException.causedBy(
                    e, PandoError.BENCH_ENDPOINT, "bench fleet " + command.getCommandName(), Lines.first(e));
        }
        report.print(out);
        write(report, out);
        return report.clean() ? 0 : 1;
    }

    /** Writes what was asked for, and says where. */
    private void write(FleetReport report, PrintWriter out) throws IOException {
        out.println();
        if (json != null) {
            Json.write(json, Json.text(report));
            out.printf("report: %s%n", json);
        }
        if (svg != null) {
            Json.write(svg, report.plot().svg());
            out.printf("picture: %s%n", svg);
        }
        out.flush();
    }
}

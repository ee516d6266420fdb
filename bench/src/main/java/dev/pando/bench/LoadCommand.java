package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.terminal.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
        name = "load",
        description = "Create users by COPY and count them on every server.",
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    enum Function {
        hash,
        ring
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final BenchCommand.Endpoint endpoint = new BenchCommand.Endpoint();

    @Option(names = "--users", paramLabel = "N", defaultValue = "1002372", description = "Default: ${DEFAULT-VALUE}")
    private long users;

    @Option(
            names = "--batch",
            paramLabel = "ROWS",
            defaultValue = "20000",
            description = "Rows of one COPY and one transaction. Default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4",
            description = "COPYs at the same time. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Same seed, same users. Default: 1")
    private long seed;

    @Option(
            names = "--function",
            description = "Sharding function of a table that is not distributed yet: ${COMPLETION-CANDIDATES}.")
    private @Nullable Function function;

    @Option(names = "--replace", description = "Empty the tables first.")
    private boolean replace;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report there as well.")
    private @Nullable Path json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        if (users < 1 || batch < 1 || connections < 1) {
            throw new ParameterException(command.commandLine(), "--users, --batch and --connections start at 1");
        }
        PrintWriter out = command.commandLine().getOut();
        LoadReport report;
        try {
            report = load(out);
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_ENDPOINT, endpoint.url, Lines.first(e));
        }
        out.print(report.summary());
        if (json != null) {
            Json.write(json, Json.text(report));
            out.println("report: " + json);
        }
        out.flush();
        return report.clean() ? 0 : 1;
    }

    private LoadReport load(PrintWriter out) throws SQLException, InterruptedException {
        try (Connection connection = endpoint.url.connect()) {
            BenchTables tables = new BenchTables(connection);
            tables.create();
            tables.requireEmpty(replace);
            boolean pando = tables.distribute(function == null ? null : function.name(), replace);
            if (!pando) {
                out.println("a plain PostgreSQL: the tables stay whole");
            }
            Fleet fleet = pando ? endpoint.fleet() : null;
            UserLoad load = new UserLoad(new UserLoad.Plan(endpoint.url, users, batch, connections, seed));
            Duration took;
            try (ProgressLine line = new ProgressLine(out)) {
                took = load.run((rows, elapsed) -> line.show(Lines.progress("loading", rows, users, elapsed), elapsed));
            }
            FleetCounts counts = FleetCounts.count(
                    fleet == null ? Fleet.single(endpoint.url) : fleet, endpoint.url, "users", CATCH_UP);
            return new LoadReport(
                    Instant.now(),
                    endpoint.url.toString(),
                    tables.version(),
                    pando,
                    load.committed(),
                    took.toNanos() / 1e9,
                    counts);
        }
    }
}

package dev.pando.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "load",
        description =
                "Single-row INSERTs from many clients three ways: through Pando into shards with replicas, and through PgBouncer"
                        + " and through Pando into one PostgreSQL without replicas.",
        mixinStandardHelpOptions = true)
final class FleetLoadCommand implements Callable<Integer> {
    private static final int SETTLING_CLIENTS = 64;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final FleetArguments arguments = new FleetArguments();

    @Mixin
    private final FleetArguments.Turns turns = new FleetArguments.Turns();

    @Mixin
    private final LoadStage.Arguments stageArguments = new LoadStage.Arguments();

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "N[,N...]",
            defaultValue = "1000,5000,10000",
            description = "Clients at once, each with one request under way; several numbers one after the other."
                    + " Default: ${DEFAULT-VALUE}")
    private List<Integer> clients = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Pace pace = turns.pace(command);
        LoadStage.Setting setting = stageArguments.setting(command);
        FleetArguments.require(command, clients, 2L * setting.connections());
        return arguments.run(
                command, (cleanup, circumstances, out) -> measure(cleanup, setting, pace, circumstances, out));
    }

    private FleetLoadReport measure(
            Cleanup cleanup, LoadStage.Setting setting, Pace pace, Circumstances circumstances, PrintWriter out)
            throws SQLException, IOException, InterruptedException {
        PgBouncer program = FleetArguments.pgBouncer();
        int ways = program != null ? 3 : 2;
        int most = clients.stream().mapToInt(Integer::intValue).max().orElseThrow();
        try (Progress progress = new Progress(out, ways * (clients.size() * pace.rounds() + 1))) {
            LoadStage stage = new LoadStage(cleanup, setting, Math.max(most, SETTLING_CLIENTS));
            stage.addPando(progress);
            stage.addSingle(program, progress);
            progress.begin();
            for (Way way : stage.ways()) {
                run(stage, way, Math.min(SETTLING_CLIENTS, most), Duration.ZERO, pace.settle(), progress);
            }
            List<Comparison> comparisons = new ArrayList<>();
            for (int number : clients) {
                Map<Way, List<Sample>> samples = Run.inTurns(
                        pace.rounds(),
                        stage.ways(),
                        way -> run(stage, way, number, pace.warmUp(), pace.window(), progress));
                comparisons.add(Comparison.of(Lines.count(number), samples));
            }
            progress.show("counting on every server");
            return new FleetLoadReport(
                    circumstances.with(List.of(PgBouncer.note(program, false))),
                    setting,
                    pace,
                    comparisons,
                    stage.counted());
        }
    }

    private static Sample run(
            LoadStage stage, Way way, int clients, Duration warmUp, Duration window, Progress progress)
            throws SQLException, InterruptedException {
        String what = Lines.count(clients) + " clients, " + way.name();
        Sample sample = stage.run(way, clients, warmUp, window, progress.watch(what));
        progress.step();
        return sample;
    }
}

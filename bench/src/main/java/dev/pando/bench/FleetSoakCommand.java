package dev.pando.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
        name = "soak",
        description =
                "Single-row INSERTs from many clients into shards with replicas for some minutes: whether Pando's memory and"
                        + " open files stay flat.",
        mixinStandardHelpOptions = true)
final class FleetSoakCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final FleetArguments arguments = new FleetArguments();

    @Mixin
    private final LoadStage.Arguments stageArguments = new LoadStage.Arguments();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Clients at once, each with one request under way. Default: ${DEFAULT-VALUE}")
    private int clients;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "5",
            description = "Measured time. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "15",
            description = "Unmeasured time before. Default: ${DEFAULT-VALUE}")
    private double warmUp;

    @Option(
            names = "--every",
            paramLabel = "S",
            defaultValue = "5",
            description = "How often it is looked at. Default: ${DEFAULT-VALUE}")
    private double every;

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description = "Growth over the second half that still counts as flat. Default: ${DEFAULT-VALUE}")
    private double tolerance;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        if (minutes <= 0 || warmUp < 0 || every <= 0 || tolerance < 0) {
            throw new ParameterException(
                    command, "--minutes and --every start above 0, --warm-up and --tolerance at 0");
        }
        LoadStage.Setting setting = stageArguments.setting(command);
        FleetArguments.require(command, List.of(clients), 2L * setting.connections());
        return arguments.run(command, (cleanup, circumstances, out) -> measure(cleanup, setting, circumstances, out));
    }

    private SoakReport measure(Cleanup cleanup, LoadStage.Setting setting, Circumstances circumstances, PrintWriter out)
            throws SQLException, IOException, InterruptedException {
        try (Progress progress = new Progress(out, (int) Math.ceil(warmUp + 60 * minutes))) {
            LoadStage stage = new LoadStage(cleanup, setting, clients);
            Way pando = stage.addPando(progress);
            String what = Lines.count(clients) + " clients";
            try (SoakWatch watch = new SoakWatch(
                    Objects.requireNonNull(pando.process()),
                    FleetArguments.duration(every),
                    progress.watchSeconds(what))) {
                Duration window = FleetArguments.duration(60 * minutes);
                Sample whole = stage.run(pando, clients, FleetArguments.duration(warmUp), window, watch);
                progress.show("counting on every server");
                return new SoakReport(
                        circumstances, setting, clients, tolerance, whole, watch.looks(), stage.counted());
            }
        }
    }
}

package dev.pando.cli;

import dev.pando.bench.BenchCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code pando} command. */
@Command(
        name = "pando",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "One Postgres, however many it takes.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        subcommands = {UpCommand.class, ServeCommand.class, StatusCommand.class, BenchCommand.class, TrainCommand.class
        },
        footer = {"", "Each command has its own --help. Manual: README.md and docs/."})
public final class Pando implements Runnable {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print stack traces of errors, and log more.")
    boolean verbose;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills spec before anything runs
    Pando() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command to its end and answers its exit code: 0, or 1 after an error, or 2 when the command line was wrong. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Pando pando = new Pando();
        CommandLine line = new CommandLine(pando)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::wrongCommandLine)
                .setExecutionExceptionHandler((e, command, parsed) -> Failures.failed(e, err, pando.verbose));
        return line.execute(args);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

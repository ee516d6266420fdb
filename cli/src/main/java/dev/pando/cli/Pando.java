package dev.pando.cli;

import dev.pando.bench.BenchCommand;
import dev.pando.lint.LintCommand;
import dev.pando.rehearse.RehearseCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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
        footer = {"", "Each command has its own --help. Manual: README.md and docs/."})
public final class Pando implements Runnable {
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("up", UpCommand::new);
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("status", StatusCommand::new);
        COMMANDS.put("twin", TwinCommand::new);
        COMMANDS.put("snapshot", SnapshotCommand::new);
        COMMANDS.put("explain", ExplainCommand::new);
        COMMANDS.put("lint", LintCommand::new);
        COMMANDS.put("rehearse", RehearseCommand::new);
        COMMANDS.put("bench", BenchCommand::new);
        COMMANDS.put("train", TrainCommand::new);
    }

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
        CommandLine line = new CommandLine(pando);
        addCommands(line, args);
        line.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> {
                    CommandNames.requireKnown(parsed);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler(Failures::wrongCommandLine)
                .setExecutionExceptionHandler((e, command, parsed) -> Failures.failed(e, err, pando.verbose));
        return line.execute(args);
    }

    /** The command that is named first, or all of them: reading the options of each takes a start longer than what it begins with. */
    private static void addCommands(CommandLine line, String... args) {
        Supplier<Object> first = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (first != null) {
            line.addSubcommand(args[0], first.get());
        } else {
            COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

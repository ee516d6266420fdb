package dev.pando.lint;

import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of commands that read migrations. */
public final class MigrationOptions {
    @Option(
            names = "--transaction",
            paramLabel = "HOW",
            defaultValue = "by-format",
            description =
                    "Whether each file runs in one transaction: by-format, per-file, per-statement (default: ${DEFAULT-VALUE}).")
    String transaction;

    @Option(names = "--placeholder", paramLabel = "NAME=VALUE", description = "Value of a placeholder in migrations.")
    Map<String, String> placeholders = Map.of();

    @Spec(Target.MIXEE)
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills these before the command runs
    public MigrationOptions() {}

    public MigrationReader migrations() {
        return new MigrationReader(placeholders, mode());
    }

    /** Of a schema each statement stands by itself. */
    MigrationReader schemas() {
        return new MigrationReader(placeholders, Mode.PER_STATEMENT);
    }

    private Mode mode() {
        return switch (transaction) {
            case "by-format" -> Mode.BY_FORMAT;
            case "per-file" -> Mode.PER_FILE;
            case "per-statement" -> Mode.PER_STATEMENT;
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "--transaction is by-format, per-file or per-statement, not " + transaction);
        };
    }
}

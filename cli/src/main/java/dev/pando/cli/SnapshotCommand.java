package dev.pando.cli;

import dev.pando.lab.twin.Redaction;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.SnapshotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pando snapshot}: what a planner decides by, in one file. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description =
                "Write schema, statistics and sizes of a database to a file, from which pando twin and pando explain"
                        + " work without the database. Reads catalogs only, in one read-only transaction.")
final class SnapshotCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "URL",
            description = "postgres://user@host:port/database; the password may be in PGPASSWORD or ~/.pgpass.")
    String url;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The file to write.")
    Path file;

    @Option(
            names = "--redact",
            description = "Leave values of the data out of the statistics; docs/twin.md says what that costs.")
    boolean redact;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills them before call()
    SnapshotCommand() {}

    @Override
    public Integer call() throws IOException {
        Screen screen = Screen.ofProcess(spec.commandLine().getOut());
        @Nullable Snapshot read = TwinSource.read(url, null, screen);
        if (read == null) {
            throw new IllegalStateException("a URL is given");
        }
        Snapshot snapshot = redact ? Redaction.of(read) : read;
        SnapshotFile.write(snapshot, file);
        TwinSource.lines(snapshot.omissions()).forEach(screen::line);
        screen.line(String.format(
                java.util.Locale.ROOT,
                "%s: PostgreSQL %s, %,d statements of schema, %,d relations, statistics of %,d columns%s, %,d kB",
                file,
                snapshot.server().version(),
                snapshot.schema().size(),
                snapshot.relations().size(),
                snapshot.columns().size(),
                redact ? " without values" : "",
                (Files.size(file) + 1023) / 1024));
        screen.hint("next  pando twin --from " + file);
        return 0;
    }
}

package dev.pando.cli;

import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.Twin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pando twin}: a server of its own that plans as a database does, and has none of its rows. */
@Command(
        name = "twin",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description =
                "Start a twin of a database on this machine: its schema, statistics and sizes, no rows, so that EXPLAIN"
                        + " there tells the plans of the original. Stays in the foreground and leaves nothing behind.")
final class TwinCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            description = "postgres://user@host:port/database; the password may be in PGPASSWORD or ~/.pgpass.")
    @Nullable
    String url;

    @Option(names = "--from", paramLabel = "FILE", description = "A file of pando snapshot, instead of a database.")
    @Nullable
    Path file;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills spec before call()
    TwinCommand() {}

    @Override
    public Integer call() throws Exception {
        Screen screen = Screen.ofProcess(spec.commandLine().getOut());
        Foreground foreground = new Foreground();
        return foreground.run(() -> {
            long start = System.nanoTime();
            Snapshot snapshot = TwinSource.read(url, file, screen);
            if (snapshot == null) {
                throw new ParameterException(spec.commandLine(), "give either a URL or --from FILE");
            }
            try (Twin twin = Twin.ofPlanner(snapshot, screen::live)) {
                TwinSource.lines(twin.omissions()).forEach(screen::line);
                double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
                screen.line(String.format(
                        Locale.ROOT,
                        "ready %s  PostgreSQL %s, %,d relations, in %.1f s",
                        twin.url(),
                        twin.server().major().version(),
                        snapshot.relations().size(),
                        seconds));
                screen.hint("next  psql " + twin.url() + System.lineSeparator()
                        + "      there, EXPLAIN tells the original's plans; Ctrl-C removes the twin");
                untilStopped();
            }
            screen.line("stopped");
            return 0;
        });
    }

    /** Until the shutdown hook interrupts; the interrupt is cleared, since what comes next must not be interrupted. */
    private static void untilStopped() {
        boolean stopped = false;
        while (!stopped) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
    }
}

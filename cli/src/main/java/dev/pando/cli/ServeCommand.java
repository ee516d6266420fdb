package dev.pando.cli;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.server.PandoServer;
import dev.pando.server.admin.Shutdown;
import dev.pando.server.net.Predecessor;
import dev.pando.server.net.ServiceManager;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pando serve}: the endpoint in front of servers that already exist. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description = "Serve one PostgreSQL address in front of the servers named in a configuration file.",
        footer = {
            "",
            "SIGHUP reads the configuration again. SIGTERM ends it when its clients have left, SIGINT when their"
                    + " transactions have ended, a second signal at once."
        })
final class ServeCommand implements Callable<Integer> {
    private static final String NEXT = "next  psql %s" + System.lineSeparator()
            + "      SIGHUP reads the configuration again, Ctrl-C ends after the transactions under way";

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration; docs/config.md lists every key.")
    Path file;

    @Option(names = "--print-config", description = "Print the effective configuration and end.")
    boolean printConfig;

    @Option(
            names = "--takeover",
            description =
                    "Take the place of the Pando that listens on restart.socket: clients that connect notice nothing, and"
                            + " those it has stay with it until they leave. Starts as usual when there is none.")
    boolean takeover;

    @Spec
    CommandSpec spec;

    private final AtomicBoolean signalled = new AtomicBoolean();

    @SuppressWarnings("NullAway.Init") // picocli fills file and spec before call()
    ServeCommand() {}

    @Override
    public Integer call() throws Exception {
        PandoConfig config = load();
        if (printConfig) {
            spec.commandLine().getOut().print(ConfigPrinter.print(config));
            spec.commandLine().getOut().flush();
            return 0;
        }
        Logging.follow(config);
        Screen screen = Screen.ofProcess(spec.commandLine().getOut());
        return new Foreground().run(() -> {
            try (Predecessor predecessor = predecessor(config)) {
                if (predecessor == null && !ServiceManager.givesSockets()) {
                    Serving.requireFree(config, "listen.port in " + file, "http.port in " + file);
                }
                serve(config, predecessor, screen);
            }
            screen.line("stopped");
            return 0;
        });
    }

    private PandoConfig load() {
        return ConfigLoader.load(file, Purpose.SERVE, System.getenv());
    }

    /** Null when this process is the first. */
    private @Nullable Predecessor predecessor(PandoConfig config) {
        String socket = config.listen().restart().socket();
        if (takeover && socket == null) {
            throw new PandoException(
                    PandoError.CONFIG_INVALID, file + ": restart.socket is missing, --takeover needs it");
        }
        return takeover && socket != null ? Predecessor.at(Path.of(socket)) : null;
    }

    private void serve(PandoConfig config, @Nullable Predecessor predecessor, Screen screen) {
        LiveConfig live = new LiveConfig(config, this::load);
        Reloading.begin(live);
        try (PandoServer server = PandoServer.start(live, predecessor)) {
            Signals.on("TERM", () -> end(server, Shutdown.WAIT_FOR_CLIENTS));
            Signals.on("INT", () -> end(server, Shutdown.WAIT_FOR_SERVERS));
            Serving.untilEnded(server, config, screen, NEXT);
        }
    }

    /** Who asks twice does not want to wait. */
    private void end(PandoServer server, Shutdown mode) {
        server.shutdown(signalled.getAndSet(true) ? Shutdown.NOW : mode);
    }
}

package dev.pando.cli;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.server.PandoServer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
        description = "Serve one PostgreSQL address in front of the servers named in a configuration file.")
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration; docs/config.md lists every key.")
    Path file;

    @Option(names = "--print-config", description = "Print the effective configuration and end.")
    boolean printConfig;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills file and spec before call()
    ServeCommand() {}

    @Override
    public Integer call() throws Exception {
        PandoConfig config = ConfigLoader.load(file, Purpose.SERVE, System.getenv());
        if (printConfig) {
            spec.commandLine().getOut().print(ConfigPrinter.print(config));
            spec.commandLine().getOut().flush();
            return 0;
        }
        Logging.follow(config);
        Serving.requireFree(config, "listen.port in " + file, "http.port in " + file);
        Screen screen = Screen.ofProcess(spec.commandLine().getOut());
        return new Foreground().run(() -> {
            LiveConfig live = new LiveConfig(config, () -> ConfigLoader.load(file, Purpose.SERVE, System.getenv()));
            Reloading.begin(live);
            try (PandoServer server = PandoServer.start(live)) {
                Serving.untilInterrupted(server, config, screen);
            }
            screen.line("stopped");
            return 0;
        });
    }
}

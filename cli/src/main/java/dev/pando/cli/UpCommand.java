package dev.pando.cli;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.ConfigPrinter;
import dev.pando.core.config.ConfigTemplate;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.PandoConfig.Control;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.Secret;
import dev.pando.core.config.ShardConfig;
import dev.pando.core.topology.Address;
import dev.pando.lab.Fleet;
import dev.pando.lab.FleetEvent;
import dev.pando.lab.FleetOptions;
import dev.pando.lab.FleetServer;
import dev.pando.lab.Login;
import dev.pando.server.PandoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pando up}: a whole fleet of real PostgreSQL servers on this machine, and the endpoint in front of it. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description = {
            "Start shards of PostgreSQL 18 on this machine, each a primary with hot standbys, and one address in front of"
                    + " them. Stays in the foreground; Ctrl-C or SIGTERM stops everything cleanly and ends with 0."
        })
final class UpCommand implements Callable<Integer> {
    private static final String NEXT = "next  psql %s" + System.lineSeparator()
            + "      there, SELECT pando.distribute('table', 'key') spreads a table over the shards; Ctrl-C stops everything";

    private static final String CONFIG_FILE = "pando.toml";
    /** For Pando's own connections, beside the pool's. */
    private static final int OWN_CONNECTIONS = 50;

    private static final int USUAL_CONNECTIONS = 200;

    @Option(
            names = "--shards",
            defaultValue = "4",
            paramLabel = "N",
            description = "Number of shards (default: ${DEFAULT-VALUE}).")
    int shards;

    @Option(
            names = "--replicas",
            defaultValue = "1",
            paramLabel = "N",
            description = "Hot standbys of each shard (default: ${DEFAULT-VALUE}).")
    int replicas;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "Port for PostgreSQL clients; 0 takes a free one (default: listen.port, 6432).")
    @Nullable
    Integer port;

    @Option(
            names = "--http-port",
            paramLabel = "P",
            description = "Port of the HTTP API and status page; 0 takes a free one (default: http.port, 8432).")
    @Nullable
    Integer httpPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of all data (default: ~/.local/share/pando, or pando under XDG_DATA_HOME).")
    @Nullable
    Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of endpoint, pools, limits and tables (default: pando.toml in the data folder).")
    @Nullable
    Path configFile;

    @Option(names = "--print-config", description = "Print the effective configuration and end.")
    boolean printConfig;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills spec before call()
    UpCommand() {}

    @Override
    public Integer call() throws Exception {
        requireRange("--shards", shards, 1, 128);
        requireRange("--replicas", replicas, 0, 128);
        Path folder = data == null ? DataFolder.usual(System.getenv(), System.getProperty("user.home")) : data;
        PandoConfig config = config(folder);
        if (printConfig) {
            spec.commandLine().getOut().print(ConfigPrinter.print(config));
            spec.commandLine().getOut().flush();
            return 0;
        }
        Logging.follow(config);
        Serving.requireFree(config, "--port", "--http-port");
        Screen screen = Screen.ofProcess(spec.commandLine().getOut());
        Foreground foreground = new Foreground();
        return foreground.run(() -> {
            FleetScreen fleetScreen = new FleetScreen(screen, foreground::stopping);
            FleetOptions options = options(folder, config, fleetScreen);
            try (Fleet fleet = Fleet.open(options)) {
                fleetScreen.opened();
                writeTemplate(folder);
                PandoConfig served = config.withFleet(control(fleet), shards(fleet));
                LiveConfig live =
                        new LiveConfig(served, () -> config(folder).withFleet(served.control(), served.shards()));
                Reloading.begin(live);
                try (PandoServer server = PandoServer.start(live)) {
                    Serving.untilEnded(server, served, screen, NEXT);
                }
            }
            screen.line("stopped");
            return 0;
        });
    }

    private PandoConfig config(Path folder) {
        Path usual = folder.resolve(CONFIG_FILE);
        PandoConfig read;
        if (configFile != null) {
            read = ConfigLoader.load(configFile, Purpose.UP, System.getenv());
        } else if (Files.exists(usual)) {
            read = ConfigLoader.load(usual, Purpose.UP, System.getenv());
        } else {
            read = ConfigLoader.standard();
        }
        int chosen = Objects.requireNonNullElse(port, read.listen().port());
        int chosenHttp = Objects.requireNonNullElse(httpPort, read.http().port());
        requireRange("--port", chosen, 0, 65535);
        requireRange("--http-port", chosenHttp, 0, 65535);
        return read.withPorts(chosen, chosenHttp);
    }

    private FleetOptions options(Path folder, PandoConfig config, Consumer<FleetEvent> listener) {
        PandoConfig.User user = config.users().getFirst();
        int connections = Math.max(
                USUAL_CONNECTIONS, config.pool().size() * config.users().size() + OWN_CONNECTIONS);
        String most = Integer.toString(connections);
        return FleetOptions.of(folder)
                .shards(shards)
                .replicas(replicas)
                .application(new Login(user.name(), user.password().reveal()), config.database())
                .settings(Map.of("max_connections", most, "max_prepared_transactions", most))
                .listener(listener);
    }

    private static Control control(Fleet fleet) {
        Login login = fleet.superuser();
        return new Control(login.user(), new Secret(login.password()));
    }

    private static List<ShardConfig> shards(Fleet fleet) {
        return fleet.shards().stream()
                .map(shard -> new ShardConfig(
                        "shard-" + shard.number(),
                        address(shard.primary()),
                        shard.replicas().stream().map(UpCommand::address).toList()))
                .toList();
    }

    private static Address address(FleetServer server) {
        return new Address(server.host(), server.port());
    }

    private static void writeTemplate(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG_FILE);
        if (!Files.exists(file)) {
            Files.writeString(file, ConfigTemplate.forUp());
        }
    }

    private void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + " is not a number from " + least + " to " + most);
        }
    }
}

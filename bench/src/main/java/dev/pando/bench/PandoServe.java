package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code pando serve}, with the defaults for everything that is not a size.
 *
 * @param behind what it says of the servers behind it, as TOML
 */
record PandoServe(PostgresUrl login, ProxySizes sizes, String behind) {
    /** Set by the launcher script to where it is. */
    static final String LAUNCHER = "PANDO_LAUNCHER";

    private static final Pattern READY = Pattern.compile("ready postgres://\\S*:(\\d+)/\\S*(?:\\s+(http://\\S+))?");

    enum Mode {
        TRANSACTION,
        SESSION
    }

    /** In front of one plain database. */
    static PandoServe plain(PostgresUrl server, ProxySizes sizes, Mode mode) {
        return new PandoServe(server, sizes, """
                [[databases]]
                name = %s
                servers = [%s]
                pool_mode = "%s"
                """.formatted(
                        quoted(server.database()),
                        quoted(server.authority()),
                        mode == Mode.SESSION ? "session" : "transaction"));
    }

    /**
     * In front of shards.
     *
     * @param login of clients, and the database's name on every shard
     * @param control a superuser of every shard
     * @param sizes with the connections to each shard
     */
    static PandoServe shards(Fleet fleet, PostgresUrl login, PostgresUrl control, ProxySizes sizes) {
        String shards = fleet.shards().stream()
                .map(shard -> """

                        [[shards]]
                        name = %s
                        primary = %s
                        replicas = [%s]
                        """.formatted(
                                quoted(shard.name()),
                                quoted(shard.primary().toString()),
                                shard.replicas().stream()
                                        .map(replica -> quoted(replica.toString()))
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining());
        return new PandoServe(
                login,
                sizes,
                """
                [node]
                name = %s

                [database]
                name = %s

                [control]
                user = %s
                password = %s
                """.formatted(
                                        quoted("bench-" + login.database()),
                                        quoted(login.database()),
                                        quoted(control.user()),
                                        quoted(control.password()))
                        + shards);
    }

    /** What starts {@code pando}: the launcher that started this process, or else this process's own Java, options and class path. */
    private static List<String> command() {
        String launcher = System.getenv(LAUNCHER);
        if (launcher != null) {
            return List.of(launcher);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> Stream.of("-X", "--enable-native-access", "--sun-misc-unsafe")
                        .anyMatch(option::startsWith))
                .toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.pando.cli.Pando"));
        return command;
    }

    ProxyProcess start(Path folder) {
        try {
            Path config = Files.writeString(folder.resolve("pando.toml"), config());
            List<String> command = new ArrayList<>(command());
            command.addAll(List.of("serve", "--config", config.toString()));
            return ProxyProcess.start("pando serve", folder.resolve("log"), command);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_PROXY, "pando serve", Lines.first(e));
        }
    }

    /** Waits until it says that it listens; answers the port. */
    static int port(ProxyProcess process) throws InterruptedException {
        return Integer.parseInt(Objects.requireNonNull(ready(process).group(1)));
    }

    /** Where its HTTP API is. */
    static URI http(ProxyProcess process) throws InterruptedException {
        return URI.create(Objects.requireNonNull(ready(process).group(2)));
    }

    private static Matcher ready(ProxyProcess process) throws InterruptedException {
        process.await(() -> READY.matcher(process.said()).find());
        Matcher matcher = READY.matcher(process.said());
        if (!matcher.find()) {
            throw new PandoException(PandoError.BENCH_PROXY, "pando serve", process.said());
        }
        return matcher;
    }

    private String config() {
        return """
                [listen]
                port = 0
                max_clients = %d

                [http]
                port = 0

                [pool]
                size = %d

                [[users]]
                name = %s
                password = %s

                """.formatted(sizes.clients(), sizes.connections(), quoted(login.user()), quoted(login.password()))
                + behind;
    }

    /** As a basic string of TOML. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

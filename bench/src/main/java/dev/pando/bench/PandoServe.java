package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code pando serve} in front of one plain database, with the defaults for everything that is not a size. */
final class PandoServe {
    /** Set by the launcher script to where it is. */
    static final String LAUNCHER = "PANDO_LAUNCHER";

    private static final Pattern READY = Pattern.compile("ready postgres://\\S*:(\\d+)/");

    private PandoServe() {}

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

    static ProxyProcess start(Path folder, PostgresUrl server, ProxySizes sizes) {
        try {
            Path config = Files.writeString(folder.resolve("pando.toml"), config(server, sizes));
            List<String> command = new ArrayList<>(command());
            command.addAll(List.of("serve", "--config", config.toString()));
            return ProxyProcess.start("pando serve", folder.resolve("log"), command);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_PROXY, "pando serve", Lines.first(e));
        }
    }

    /** Waits until it says that it listens; answers the port. */
    static int port(ProxyProcess process) throws InterruptedException {
        process.await(() -> READY.matcher(process.said()).find());
        Matcher matcher = READY.matcher(process.said());
        if (!matcher.find()) {
            throw new PandoException(PandoError.BENCH_PROXY, "pando serve", process.said());
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static String config(PostgresUrl server, ProxySizes sizes) {
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

                [[databases]]
                name = %s
                servers = [%s]
                """.formatted(
                        sizes.clients(),
                        sizes.connections(),
                        quoted(server.user()),
                        quoted(server.password()),
                        quoted(server.database()),
                        quoted(server.authority()));
    }

    /** As a basic string of TOML. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

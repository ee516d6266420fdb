package dev.pando.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Pando of its own that tests may kill: opens a fleet, says {@code ready}, and closes it when its input ends. */
final class FleetChild {
    private FleetChild() {}

    /** Arguments: folder, shards, replicas, setting=value... */
    public static void main(String[] arguments) throws IOException {
        long began = System.nanoTime();
        Map<String, String> settings = new java.util.HashMap<>();
        for (String setting : List.of(arguments).subList(3, arguments.length)) {
            settings.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        FleetOptions options = FleetOptions.of(Path.of(arguments[0]))
                .shards(Integer.parseInt(arguments[1]))
                .replicas(Integer.parseInt(arguments[2]))
                .settings(settings)
                .listener(event -> System.out.println((System.nanoTime() - began) / 1_000_000 + " ms " + event));
        try (Fleet fleet = Fleet.open(options)) {
            System.out.println("ready as " + System.getProperty("user.name") + " "
                    + fleet.shards().getFirst().primary().port() + " after "
                    + (System.nanoTime() - began) / 1_000_000 + " ms");
            System.in.readAllBytes();
            tell(began);
        }
        tell(began);
    }

    private static void tell(long began) {
        System.out.println((System.nanoTime() - began) / 1_000_000 + " ms since the beginning");
    }

    /** Starts such a process with {@code prefix} before its command. */
    static Process start(List<String> prefix, String classPath, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                classPath));
        command.add(FleetChild.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(Files.createDirectories(Path.of("/")).toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Reads its output up to the line that starts with {@code ready} and tells the words of that line. */
    static List<String> awaitReady(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = process.inputReader().readLine();
                line != null;
                line = process.inputReader().readLine()) {
            lines.add(line);
            if (line.startsWith("ready")) {
                return List.of(line.split(" "));
            }
        }
        throw new IOException("the child ended early: " + String.join("\n", lines));
    }
}

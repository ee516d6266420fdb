package dev.pando.acceptance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A command of {@code pando} as a process of its own, with its output in a file. */
final class PandoProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("(?m)^ready postgres://app:app@127\\.0\\.0\\.1:(\\d+)/app");
    private static final long MOST_SECONDS = 120;

    private final Process process;
    private final Path output;

    private PandoProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * How to start Java.
     *
     * @param prefix what the command line begins with, such as the program that makes another user of this one
     */
    record Java(List<String> prefix, String classPath, Map<String, String> environment) {
        static Java usual() {
            String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            return new Java(List.of(), classes, Map.of());
        }
    }

    static PandoProcess up(Path folder, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up", "--data", folder.toString()));
        arguments.addAll(List.of(options));
        return start(Java.usual(), arguments);
    }

    static PandoProcess serve(Path config) throws IOException {
        return start(Java.usual(), List.of("serve", "--config", config.toString()));
    }

    static PandoProcess start(Java java, List<String> arguments) throws IOException {
        Path output = Files.createTempFile("pando-process-", ".out");
        List<String> line = new ArrayList<>(java.prefix());
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                java.classPath(),
                "dev.pando.cli.Pando"));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(java.environment());
        return new PandoProcess(builder.start(), output);
    }

    /** The port, once the line that begins with "ready" is there. */
    int port() {
        Awaitility.await().atMost(MOST_SECONDS, TimeUnit.SECONDS).until(() -> ready().find() || !process.isAlive());
        Matcher ready = ready();
        if (!ready.find()) {
            throw new AssertionError("it never became ready:\n" + output());
        }
        return Integer.parseInt(ready.group(1));
    }

    private Matcher ready() {
        return READY.matcher(output());
    }

    /** A new client, as user {@code app}. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/app", "app", "app");
    }

    long pid() {
        return process.pid();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end:\n" + output());
        }
        return process.exitValue();
    }

    void terminate() {
        process.destroy();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        terminate();
        Awaitility.await().atMost(MOST_SECONDS, TimeUnit.SECONDS).until(() -> !process.isAlive());
        Files.deleteIfExists(output);
    }
}

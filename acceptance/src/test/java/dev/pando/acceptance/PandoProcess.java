package dev.pando.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code pando up} as a process of its own, with its output in a file. */
final class UpProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("(?m)^ready postgres://app:app@127\\.0\\.0\\.1:(\\d+)/app");
    private static final long MOST_SECONDS = 120;

    private final Process process;
    private final Path output;

    private UpProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it with two small shards and free ports; options further on win. */
    static UpProcess start(Path folder, String... options) throws IOException {
        Path output = Files.createTempFile("pando-up-", ".out");
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classes,
                "dev.pando.cli.Pando",
                "up",
                "--data",
                folder.toString()));
        line.addAll(List.of(options));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new UpProcess(process, output);
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

package dev.pando.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs programs of other people against Pando. */
final class Programs {
    static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final long MINUTES = 3;

    private Programs() {}

    record Ended(int exitCode, String output) {}

    /** Skips the test on a machine without the program; .ci/run installs it. */
    static void need(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean there = Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(there, program + " is not installed here");
    }

    /** Runs to the end in a folder; both output streams as they came. */
    static Ended run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("pando-test-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(output.toFile());
            builder.environment().put("PGPASSWORD", "app");
            builder.environment().put("PGCONNECT_TIMEOUT", "20");
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                return new Ended(-1, Files.readString(output) + "\n(ended after " + MINUTES + " minutes)");
            }
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}

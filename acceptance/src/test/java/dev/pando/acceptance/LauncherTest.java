package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script on a packaged Pando made of this build's classes: what it does with Java's AOT cache. */
class LauncherTest {
    private static final long MOST_SECONDS = 240;
    static final String CACHE = "pando-" + System.getProperty("java.runtime.version") + ".aot";
    private static final String VERSION = "pando 0.1.0-SNAPSHOT (Java 25)\n";

    @TempDir
    Path folder;

    private Path target;

    /** What one run ended with and said, both streams together. */
    private record Said(int result, String text) {}

    @BeforeEach
    void packaged() throws IOException {
        target = PackagedPando.in(folder.resolve("pando")).resolve("cli/target");
    }

    @Test
    void makesTheCacheOnceAndStartsWithIt() throws Exception {
        List<Process> atOnce = List.of(started(List.of(), ""), started(List.of(), ""));
        for (Process process : atOnce) {
            assertThat(said(process)).isEqualTo(new Said(0, VERSION));
        }
        Path cache = target.resolve(CACHE);
        Awaitility.await().atMost(MOST_SECONDS, TimeUnit.SECONDS).until(() -> files().contains(CACHE) && !making());
        assertThat(cache).isNotEmptyFile();
        FileTime made = Files.getLastModifiedTime(cache);

        // Java ends with an error when it is told to use the cache or nothing, and cannot.
        assertThat(run(List.of(), "-XX:AOTMode=on")).isEqualTo(new Said(0, VERSION));
        assertThat(Files.getLastModifiedTime(cache)).isEqualTo(made);
        assertThat(making()).isFalse();
    }

    @Test
    void saysNothingOfACacheThatIsOfNoUse() throws Exception {
        Files.writeString(target.resolve(CACHE), "not a cache at all".repeat(10_000));
        assertThat(run(List.of(), "")).isEqualTo(new Said(0, VERSION));
        assertThat(run(List.of(), "-XX:AOTMode=on").result()).isNotZero();
        // So it is said of one that cannot be made.
        Files.writeString(target.resolve(CACHE), "");
        assertThat(run(List.of(), "")).isEqualTo(new Said(0, VERSION));
        assertThat(making()).isFalse();
    }

    @Test
    void doesWithoutACacheWhereNothingCanBeWritten() throws Exception {
        PandoProcess.Java normal = NormalUser.java(Files.createDirectory(folder.resolve("somebody")));
        readOnly();
        assertThat(run(normal.prefix(), "")).isEqualTo(new Said(0, VERSION));
        assertThat(files()).doesNotContain(CACHE);
        assertThat(making()).isFalse();
    }

    /** Everybody may read everything, and nobody but root may write. */
    private void readOnly() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
            }
        }
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether what makes the cache has left something that it has not yet taken away. */
    private boolean making() {
        return files().stream().anyMatch(file -> file.startsWith(CACHE + "."));
    }

    @Test
    void temporaryFilesAreWhereTmpdirSays() throws Exception {
        ProcessBuilder builder = command(List.of(), "-XshowSettings:properties");
        builder.environment().put("TMPDIR", folder.toString());
        assertThat(said(builder.start()).text()).contains("java.io.tmpdir = " + folder + "\n");
        builder.environment().put("TMPDIR", folder.resolve("gone").toString());
        assertThat(said(builder.start()).text()).contains("java.io.tmpdir = /tmp\n");
    }

    private Said run(List<String> prefix, String options) throws IOException, InterruptedException {
        return said(started(prefix, options));
    }

    private Process started(List<String> prefix, String options) throws IOException {
        return command(prefix, options).start();
    }

    private ProcessBuilder command(List<String> prefix, String options) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("bash", folder.resolve("pando/pando").toString(), "--version"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PANDO_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PANDO_JAVA_OPTS", options);
        // A file, below which nobody makes a folder.
        builder.environment()
                .put("XDG_CACHE_HOME", target.resolve("classpath.txt").toString());
        return builder;
    }

    private static Said said(Process process) throws IOException, InterruptedException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}

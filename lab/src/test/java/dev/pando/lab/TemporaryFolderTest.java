package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
    @TempDir
    Path parent;

    private final Launcher launcher = Launcher.ofThisMachine();

    /** As a killed JVM leaves it: nobody has locked the file. */
    private Path left(String name) throws IOException {
        Path folder =
                Files.createDirectories(parent.resolve(name).resolve("data")).resolveSibling("");
        Files.writeString(folder.resolve("owner"), "1\n");
        return folder;
    }

    @Test
    void whatAKilledOwnerLeftIsRemoved() throws IOException {
        Path left = left("pando-server-1");
        Path other = left("pando-fleet-1");
        try (TemporaryFolder folder = TemporaryFolder.create(parent, launcher)) {
            assertThat(left).doesNotExist();
            assertThat(other).exists();
            assertThat(folder.path().resolve("owner"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
        }
        assertThat(parent).isDirectoryNotContaining("glob:**/pando-server-*");
    }

    @Test
    void whatHasAnOwnerStays() throws Exception {
        try (TemporaryFolder first = TemporaryFolder.create(parent, launcher);
                TemporaryFolder second = TemporaryFolder.create(parent, launcher)) {
            String seen = inAnotherJvm();

            assertThat(seen).isEqualTo("true");
            assertThat(first.path()).exists();
            assertThat(second.path()).exists();
        }
    }

    /** Locks are seen by other processes only. */
    private String inAnotherJvm() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        parent.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws IOException {
            Path parent = Path.of(arguments[0]);
            long before = count(parent);
            try (TemporaryFolder folder = TemporaryFolder.create(parent, Launcher.ofThisMachine())) {
                System.out.println(before == 2 && count(folder.path().resolveSibling("")) == 3);
            }
        }

        private static long count(Path parent) throws IOException {
            try (var folders = Files.list(parent)) {
                return folders.count();
            }
        }
    }

    @Test
    void linksAndWhatNobodyCanTellOfStay() throws IOException {
        Path elsewhere = left("elsewhere");
        Path link = Files.createSymbolicLink(parent.resolve("pando-server-link"), elsewhere);
        Path unknown = Files.createDirectory(parent.resolve("pando-server-2"));
        Path ownerLinked = Files.createDirectory(parent.resolve("pando-server-3"));
        Files.createSymbolicLink(ownerLinked.resolve("owner"), elsewhere.resolve("owner"));
        try (TemporaryFolder folder = TemporaryFolder.create(parent, launcher)) {
            assertThat(folder.path()).exists();
            assertThat(link).exists();
            assertThat(elsewhere.resolve("owner")).exists();
            assertThat(unknown).exists();
            assertThat(ownerLinked).exists();
        }
    }
}

package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every folder that must be refused, each left exactly as it was. */
class FleetFolderTest {
    @TempDir
    private Path parent;

    private Path folder() {
        return parent.resolve("fleet");
    }

    private void assertRefused(FleetOptions options, PandoError error, String words) throws IOException {
        List<String> before = listing();
        assertThatThrownBy(() -> FleetFolder.open(options, Fleets.impatient()).close())
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(words);
        assertThat(listing()).isEqualTo(before);
    }

    private List<String> listing() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(parent)) {
            for (Path path : paths.sorted().toList()) {
                boolean lock = path.endsWith("pando.lock"); // taken to look inside, and left where it is
                if (!lock) {
                    all.add(path + (Files.isRegularFile(path) ? ": " + Files.readString(path) : ""));
                }
            }
        }
        return all;
    }

    private void create(String state) throws IOException {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("pando.properties"), state);
    }

    @Test
    void aFullDiskBeforeAnythingIsWritten() throws IOException {
        Surroundings usual = Fleets.impatient();
        long least = (256 + 8 * 128L) << 20;
        FleetOptions options = FleetOptions.of(folder());
        assertThatThrownBy(() -> FleetFolder.open(options, withFree(usual, least - 1)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.DISK_FULL))
                .hasMessageContaining("1279 MB free, 1280 MB needed");
        assertThat(folder()).doesNotExist();
        FleetFolder.open(options, withFree(usual, least)).close();
        assertThat(folder()).exists();
    }

    private static Surroundings withFree(Surroundings usual, long bytes) {
        return new Surroundings(
                path -> bytes, usual.clock(), usual.restarts(), usual.followCheck(), usual.followLimit());
    }

    @Test
    void aFileOrSomebodyElsesFolder() throws IOException {
        Files.writeString(folder(), "a file");
        assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_DAMAGED, "not a folder");
        Files.delete(folder());
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("thesis.tex"), "years of work");
        assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_DAMAGED, "thesis.tex");
    }

    @Test
    void aStateThatCannotBeRead() throws IOException {
        create("format=1\nshards=four\n");
        assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_DAMAGED, "shards is four");
        create("");
        assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_DAMAGED, "has format none");
    }

    @Test
    void otherNumbersOfShardsOrFewerReplicas() throws IOException {
        create("format=1\nshards=4\nreplicas=1\n");
        assertRefused(
                FleetOptions.of(folder()).shards(2),
                PandoError.FLEET_SHAPE_DIFFERS,
                "holds 4 shards with 1 replicas each, asked for were 2 with 1");
        assertRefused(FleetOptions.of(folder()).replicas(0), PandoError.FLEET_SHAPE_DIFFERS, "asked for were 4 with 0");
    }

    @Test
    void aPrimaryThatIsGoneOrOfAnotherVersion() throws IOException {
        create("format=1\nshards=4\nreplicas=1\nshard-2/primary.created=true\n");
        assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_DAMAGED, "shard-2/primary is missing");
        Path data = Files.createDirectories(folder().resolve("shard-2/primary/global"));
        Files.writeString(data.resolve("pg_control"), "");
        Files.writeString(data.resolveSibling("PG_VERSION"), "17\n");
        assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_DAMAGED, "PostgreSQL 17");
    }

    @Test
    void aFolderThatIsOpenAlready() throws IOException {
        try (FleetFolder open = FleetFolder.open(FleetOptions.of(folder()), Fleets.impatient())) {
            assertThat(open.state().shards()).isEqualTo(4);
            String pid = Long.toString(ProcessHandle.current().pid());
            assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_IN_USE, "process " + pid);
            assertRefused(FleetOptions.of(folder()), PandoError.DATA_DIR_IN_USE, "process " + pid);
        }
        FleetFolder.open(FleetOptions.of(folder()), Fleets.impatient()).close();
    }
}

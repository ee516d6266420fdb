package dev.pando.lab;

import static dev.pando.lab.Fleets.await;
import static dev.pando.lab.Fleets.execute;
import static dev.pando.lab.Fleets.one;
import static dev.pando.lab.Fleets.primary;
import static dev.pando.lab.Fleets.standby;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fleets of other processes, which are killed. */
class FleetProcessTest {
    private static final Login APP = Fleets.APP;

    @TempDir
    private Path folder;

    private Process child(Path fleet) throws IOException {
        return FleetChild.start(
                List.of(),
                System.getProperty("java.class.path"),
                Map.of(),
                List.of(fleet.toString(), "1", "1", "shared_buffers=16MB"));
    }

    private static long postmaster(Path data) throws IOException {
        return Long.parseLong(ServerProcess.postmasterFile(data).getFirst());
    }

    @Test
    void aKilledPandoLeavesNoServerBehindAndLosesNothing() throws Exception {
        Process child = child(folder);
        int port = Integer.parseInt(FleetChild.awaitReady(child).get(3));
        FleetServer server = new FleetServer(ServerName.primary(0), "127.0.0.1", port, 0);
        execute(server, "CREATE TABLE t AS SELECT generate_series(1, 500) AS id");
        assertThatThrownBy(() -> Fleet.open(Fleets.small(folder)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.DATA_DIR_IN_USE))
                .hasMessageContaining("process " + child.pid());
        List<Long> servers =
                List.of(postmaster(folder.resolve("shard-0/primary")), postmaster(folder.resolve("shard-0/replica-1")));
        assertThat(servers).allMatch(Fleets::isAlive);

        child.destroyForcibly().waitFor();
        await().until(() -> servers.stream().noneMatch(Fleets::isAlive));
        try (Fleet fleet = Fleet.open(Fleets.small(folder))) {
            assertThat(one(primary(fleet), "SELECT count(*) FROM t")).isEqualTo("500");
        }
    }

    @Test
    void aFleetIsTakenOverWhileItsServersStillStop() throws Exception {
        Process child = child(folder);
        int port = Integer.parseInt(FleetChild.awaitReady(child).get(3));
        FleetServer server = new FleetServer(ServerName.primary(0), "127.0.0.1", port, 0);
        execute(server, "CREATE TABLE t AS SELECT generate_series(1, 500) AS id");
        List<Long> servers =
                List.of(postmaster(folder.resolve("shard-0/primary")), postmaster(folder.resolve("shard-0/replica-1")));
        child.destroyForcibly().waitFor();
        try (Fleet fleet = Fleet.open(Fleets.small(folder))) {
            await().until(() -> servers.stream().noneMatch(Fleets::isAlive));
            assertThat(one(primary(fleet), "SELECT count(*) FROM t")).isEqualTo("500");
            execute(primary(fleet), "INSERT INTO t VALUES (501)");
            await().until(() -> one(standby(fleet), "SELECT count(*) FROM t").equals("501"));
        }
    }

    @Test
    void aCreationThatWasKilledIsFinishedByTheNextStart() throws Exception {
        // During initdb, and when the primary has its name but perhaps not yet its standby.
        for (String moment : List.of("primary.new-*", "primary")) {
            Path fleetFolder = folder.resolve("at-" + moment.length());
            Process child = child(fleetFolder);
            Path shard = fleetFolder.resolve("shard-0");
            await().until(() -> Files.exists(shard) && has(shard, moment));
            child.destroyForcibly().waitFor();
            try (Fleet fleet = Fleet.open(Fleets.small(fleetFolder))) {
                execute(primary(fleet), "CREATE TABLE t AS SELECT 7 AS id");
                await().until(() -> one(standby(fleet), "SELECT id FROM t").equals("7"));
                assertThat(has(shard, "*.new-*")).isFalse();
            }
        }
    }

    private static boolean has(Path folder, String glob) throws IOException {
        try (var paths = Files.newDirectoryStream(folder, glob)) {
            return paths.iterator().hasNext();
        }
    }

    @Test
    void aNormalUserCanRunAFleet() throws Exception {
        // Run by root, the test becomes somebody else; run by somebody else, it is that user.
        boolean root = Launcher.runningAsRoot();
        List<String> prefix = root ? List.of("runuser", "-u", "nobody", "--") : List.of();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path library = Files.createDirectory(folder.resolve("library"));
        Path cache = folder.resolve("cache");
        Process child = FleetChild.start(
                prefix,
                copyClassPath(library),
                Map.of("XDG_CACHE_HOME", cache.toString()),
                List.of(folder.resolve("fleet").toString(), "1", "1", "shared_buffers=16MB"));
        List<String> ready = FleetChild.awaitReady(child);
        assertThat(ready.get(2)).isNotEqualTo("root");
        FleetServer server = new FleetServer(ServerName.primary(0), "127.0.0.1", Integer.parseInt(ready.get(3)), 0);
        assertThat(one(server, "SELECT current_user")).isEqualTo(APP.user());
        child.getOutputStream().close();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();
        assertThat(cache.resolve("pando")).isDirectoryContaining("glob:**/postgres-18*");
    }

    /** Root's own repository of libraries is closed to other users. */
    private static String copyClassPath(Path library) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path copy = library.resolve(copies.size() + ".jar");
            if (Files.isDirectory(Path.of(entry))) {
                Folders.copy(Path.of(entry), copy, path -> false);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
                openToAll(copy);
            } else if (Files.exists(Path.of(entry))) {
                Files.copy(Path.of(entry), copy);
            }
            copies.add(copy.toString());
        }
        openToAll(library);
        return String.join(File.pathSeparator, copies);
    }

    private static void openToAll(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }
}

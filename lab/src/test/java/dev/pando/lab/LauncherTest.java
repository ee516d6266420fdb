package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @Test
    void aNormalUserNeedsNothing() {
        assertThat(Launcher.choose(false, way -> false).way()).isEqualTo(Launcher.Way.PLAIN);
    }

    @Test
    void rootTakesTheFirstWayThatWorks() {
        assertThat(Launcher.choose(true, way -> true).way()).isEqualTo(Launcher.Way.NAMESPACE);
        assertThat(Launcher.choose(true, way -> way == Launcher.Way.RUNUSER).way())
                .isEqualTo(Launcher.Way.RUNUSER);
    }

    @Test
    void rootIsToldWhenNoWayWorks() {
        assertThatThrownBy(() -> Launcher.choose(true, way -> false))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.CANNOT_DROP_ROOT));
    }

    @Test
    void serversNeverRunAsRootWhicheverWayIsTaken(@TempDir Path folder) throws Exception {
        // Root tries all of its ways, anyone else the only one there is.
        List<Launcher.Way> ways = Launcher.runningAsRoot()
                ? List.of(Launcher.Way.NAMESPACE, Launcher.Way.SETPRIV, Launcher.Way.RUNUSER)
                : List.of(Launcher.Way.PLAIN);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Launcher.Way way : ways) {
            Programs programs = Programs.of(new Launcher(way), new Cache(folder), Major.newest());
            try (TemporaryServer server = TemporaryServer.start(programs, Map.of(), new Guard())) {
                assertAnswers(server);
            }
        }
    }

    private static void assertAnswers(TemporaryServer server) throws SQLException {
        try (Connection connection = server.connect()) {
            assertThat(TemporaryServerTest.one(connection, "SELECT 42")).isEqualTo("42");
        }
    }

    @Test
    void aFolderThatNobodyCanReachIsNamed(@TempDir Path folder) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        new Launcher(Launcher.Way.NAMESPACE).requireReachable(folder);
        assertThatThrownBy(() -> new Launcher(Launcher.Way.SETPRIV).requireReachable(folder.resolve("data")))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("data");
    }
}

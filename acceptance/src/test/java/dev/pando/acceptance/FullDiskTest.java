package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pando up} and {@code pando lint} on a small file system in memory, which only its own processes see and which goes with them. Needs root. */
class FullDiskTest {
    private static final String[] ONE = {"--shards", "1", "--replicas", "0", "--port", "0", "--http-port", "0"};

    /** What a client may be told: the disk is full, or the server went down over it. */
    private static final Set<String> TRUTHFUL = Set.of("53100", "08006", "08007", "57P01", "57P02", "57P03", "58030");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsItsOwnFileSystem() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix(8));
        command.add("true");
        Programs.need("unshare");
        assumeTrue(
                Programs.run(folder, command).exitCode() == 0,
                "a file system of one's own cannot be mounted by this user here");
    }

    private List<String> prefix(int megabytes) {
        String mount = "mount -t tmpfs -o mode=755,size=" + megabytes + "m tmpfs \"$0\" && exec \"$@\"";
        return List.of("unshare", "-m", "sh", "-c", mount, folder.toString());
    }

    private PandoProcess up(int megabytes) throws IOException {
        PandoProcess.Java usual = PandoProcess.Java.usual();
        List<String> arguments =
                new ArrayList<>(List.of("up", "--data", folder.resolve("data").toString()));
        arguments.addAll(List.of(ONE));
        return PandoProcess.start(new PandoProcess.Java(prefix(megabytes), usual.classPath(), Map.of()), arguments);
    }

    @Test
    void tooLittleSpaceIsToldBeforeAnythingIsWritten() throws Exception {
        try (PandoProcess up = up(64)) {
            assertThat(up.exitCode()).as(up.output()).isEqualTo(1);
            assertThat(up.output().strip()).contains("PD8004", "64 MB free").hasLineCount(1);
        }
    }

    @Test
    void aMigrationThatFillsTheDiskOfLintIsEnded(@TempDir Path files) throws Exception {
        Path migration = Files.writeString(files.resolve("m.sql"), """
                CREATE TABLE filling AS SELECT repeat('x', 1000) AS body FROM generate_series(1, 5000000);
                CREATE TABLE next (id int);
                CREATE INDEX ON orders (id);
                """);
        Path schema = Files.writeString(files.resolve("schema.sql"), "CREATE TABLE orders (id int);");
        var java = new PandoProcess.Java(
                prefix(900),
                PandoProcess.Java.usual().classPath(),
                Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder));
        List<String> arguments = List.of("lint", "--schema", schema.toString(), migration.toString());
        try (PandoProcess lint = PandoProcess.start(java, arguments)) {
            assertThat(lint.exitCode()).as(lint.output()).isEqualTo(1);
            assertThat(lint.output())
                    .contains("the disk is nearly full", "m.sql:3:1", "[index-not-concurrently]")
                    .doesNotContain("m.sql:2:1");
        }
    }

    @Test
    void aDiskThatRunsFullLosesNothingThatWasAcknowledged() throws Exception {
        try (PandoProcess up = up(448)) {
            int acknowledged;
            try (Connection connection = up.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE filling (id int PRIMARY KEY, body text)");
                statement.execute("ALTER TABLE filling ALTER body SET STORAGE EXTERNAL");
                Path disk = Path.of("/proc/" + up.pid() + "/root" + folder);
                fill(disk.resolve("filler"), 8 << 20);
                acknowledged = insertUntilRefused(connection);
                assertThat(acknowledged).isBetween(1, 1_000);
                Files.delete(disk.resolve("filler"));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> {
                        try (Connection connection = up.connect();
                                Statement statement = connection.createStatement()) {
                            return statement.executeUpdate("INSERT INTO filling VALUES (-1, 'there is room again')")
                                    == 1;
                        }
                    });
            try (Connection connection = up.connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM filling WHERE id BETWEEN 1 AND "
                            + acknowledged + " AND length(body) = 100000")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(acknowledged);
            }
            up.terminate();
            assertThat(up.exitCode()).as(up.output()).isZero();
        }
    }

    /** Leaves so many bytes free. */
    private static void fill(Path file, long free) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] chunk = new byte[1 << 20];
            while (file.toFile().getUsableSpace() > free) {
                out.write(chunk);
            }
        }
    }

    /** How many rows of 100 kB, numbered from 1, were acknowledged before the first error, which is a truthful one. */
    private static int insertUntilRefused(Connection connection) {
        int acknowledged = 0;
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO filling VALUES (?, repeat('x', 100000))")) {
            while (acknowledged <= 1_000) {
                insert.setInt(1, acknowledged + 1);
                insert.executeUpdate();
                acknowledged++;
            }
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isIn(TRUTHFUL);
        }
        return acknowledged;
    }
}

package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpProcessTest {
    private static final String[] SMALL = {"--shards", "2", "--replicas", "0", "--port", "0", "--http-port", "0"};

    @TempDir
    private Path folder;

    @Test
    void servesRefusesASecondStartAndStopsCleanly() throws IOException, InterruptedException, SQLException {
        try (PandoProcess up = PandoProcess.up(folder.resolve("data"), SMALL)) {
            execute(
                    up,
                    "CREATE TABLE words (id int PRIMARY KEY, word text)",
                    "SELECT pando.distribute('words', 'id')",
                    "INSERT INTO words VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four')");

            try (PandoProcess second = PandoProcess.up(folder.resolve("data"), SMALL)) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output().strip()).contains("PD8001").hasLineCount(1);
            }
            assertThat(rows(up)).isEqualTo(4);

            up.terminate();
            assertThat(up.exitCode()).as(up.output()).isZero();
            assertThat(up.output().strip()).endsWith("stopped");
        }
        try (PandoProcess again = PandoProcess.up(folder.resolve("data"), SMALL)) {
            assertThat(rows(again)).isEqualTo(4);
        }
    }

    @Test
    void losesNothingWhenItIsKilled() throws IOException, InterruptedException, SQLException {
        try (PandoProcess up = PandoProcess.up(folder.resolve("data"), SMALL)) {
            execute(
                    up,
                    "CREATE TABLE words (id int PRIMARY KEY, word text)",
                    "SELECT pando.distribute('words', 'id')",
                    "INSERT INTO words VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four')");
            up.kill();
        }
        try (PandoProcess again = PandoProcess.up(folder.resolve("data"), SMALL)) {
            assertThat(rows(again)).isEqualTo(4);
        }
    }

    @Test
    void aTakenPortIsOneLine() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PandoProcess up = PandoProcess.up(
                        folder.resolve("data"), "--port", Integer.toString(taken.getLocalPort()), "--http-port", "0")) {
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.output().strip()).contains("PD8003", "--port").hasLineCount(1);
            assertThat(folder.resolve("data")).doesNotExist();
        }
    }

    @Test
    void aNormalUserCanRunIt() throws Exception {
        PandoProcess.Java java = NormalUser.java(folder);
        List<String> arguments =
                new ArrayList<>(List.of("up", "--data", folder.resolve("data").toString()));
        arguments.addAll(List.of(SMALL));
        try (PandoProcess up = PandoProcess.start(java, arguments)) {
            execute(up, "CREATE TABLE words (id int PRIMARY KEY, word text)", "SELECT pando.distribute('words', 'id')");
            assertThat(rows(up)).isZero();
            assertThat(Files.getOwner(folder.resolve("data")).getName()).isNotEqualTo("root");
            up.terminate();
            assertThat(up.exitCode()).as(up.output()).isZero();
        }
    }

    @Test
    void aDamagedFolderIsRefusedAndLeftAsItIs() throws Exception {
        String[] one = {"--shards", "1", "--replicas", "0", "--port", "0", "--http-port", "0"};
        Path data = folder.resolve("data");
        try (PandoProcess up = PandoProcess.up(data, one)) {
            execute(up, "CREATE TABLE words (id int PRIMARY KEY)", "INSERT INTO words VALUES (1), (2)");
        }
        for (Damage damage : List.of(
                new Damage("pando.properties", null),
                new Damage("pando.properties", "scribbled"),
                new Damage("pando.toml", "[pool]\nsizes = 3\n"),
                new Damage("superuser.password", null),
                new Damage("shard-0/primary/PG_VERSION", null),
                new Damage("shard-0/primary/PG_VERSION", "17\n"),
                new Damage("shard-0/primary/global/pg_control", null),
                new Damage("shard-0/primary/global/pg_control", "\0".repeat(8192)))) {
            Path file = data.resolve(damage.file());
            byte[] sound = Files.readAllBytes(file);
            if (damage.content() == null) {
                Files.delete(file);
            } else {
                Files.writeString(file, damage.content());
            }
            Map<String, String> before = contents(data);
            try (PandoProcess up = PandoProcess.up(data, one)) {
                assertThat(up.exitCode()).as(up.output()).isEqualTo(1);
                assertThat(up.output().strip())
                        .as(damage.toString())
                        .startsWith("pando: ")
                        .hasLineCount(1);
            }
            assertThat(contents(data)).as(damage.toString()).isEqualTo(before);
            Files.write(file, sound);
        }
        try (PandoProcess again = PandoProcess.up(data, one)) {
            assertThat(rows(again)).isEqualTo(2);
        }
    }

    /**
     * A file of the folder that is gone or holds something else.
     *
     * @param content null when it is gone
     */
    private record Damage(String file, @Nullable String content) {}

    /** Every file with a digest of what is in it; logs go on. */
    private static Map<String, String> contents(Path folder) throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                byte[] bytes = Files.isRegularFile(path) ? Files.readAllBytes(path) : new byte[0];
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                if (!path.toString().endsWith(".log")) {
                    all.put(folder.relativize(path).toString(), HexFormat.of().formatHex(digest));
                }
            }
        }
        return all;
    }

    private static void execute(PandoProcess pando, String... statements) throws SQLException {
        try (Connection connection = pando.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static int rows(PandoProcess pando) throws SQLException {
        try (Connection connection = pando.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM words")) {
            result.next();
            return result.getInt(1);
        }
    }
}

package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

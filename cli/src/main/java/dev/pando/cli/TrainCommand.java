package dev.pando.cli;

import dev.pando.lab.TemporaryServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/**
 * {@code pando train}: what the launcher runs while Java records which classes a start needs ({@code -XX:AOTCacheOutput}). It is a start like
 * any other: {@code pando serve} in front of a server of its own, with a client that logs in and asks. It is short on purpose, since what it
 * loads beyond a start would take memory in every process that uses the record.
 */
@Command(name = "train", hidden = true, description = "Make a start for Java to learn from; the launcher does that.")
final class TrainCommand implements Callable<Integer> {
    private static final String USER = "trainee";
    private static final Pattern READY = Pattern.compile("ready postgres://\\S*:(\\d+)/");

    /** Enough for what every query runs through to be noticed. */
    private static final int QUERIES = 300;

    private static final long MOST_SECONDS = 120;

    @Override
    public Integer call() throws Exception {
        Path config = Files.createTempFile("pando-train-", ".toml");
        try (TemporaryServer server = TemporaryServer.start()) {
            prepare(server);
            Files.writeString(config, config(server));
            Pando.run(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), "--help");
            return serve(config);
        } finally {
            Files.delete(config);
        }
    }

    private static void prepare(TemporaryServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + USER + "'");
            statement.execute("CREATE DATABASE " + USER + " OWNER " + USER);
        }
    }

    private static String config(TemporaryServer server) {
        return """
                [listen]
                port = 0

                [http]
                port = 0

                [[users]]
                name = "%1$s"
                password = "%1$s"

                [[databases]]
                name = "%1$s"
                servers = ["%2$s:%3$d"]
                """.formatted(USER, server.host(), server.port());
    }

    /** Runs {@code serve} until a client has asked enough; throws what keeps it from that. */
    private static int serve(Path config) throws Exception {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        CompletableFuture<Integer> over = new CompletableFuture<>();
        Thread serving = Thread.ofPlatform().daemon().name("pando-train").start(() -> {
            int result = ExitCode.SOFTWARE;
            try {
                PrintWriter said = new PrintWriter(new Listening(port), true);
                result = Pando.run(said, said, "serve", "--config", config.toString());
            } finally {
                // Also after an Error, such as of a class whose jar somebody has deleted meanwhile.
                port.completeExceptionally(new IllegalStateException("serve ended with " + result));
                over.complete(result);
            }
        });
        try {
            ask(port.get(MOST_SECONDS, TimeUnit.SECONDS));
            return ExitCode.OK;
        } finally {
            serving.interrupt();
            over.get(MOST_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void ask(int port) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + USER
                + "?connectTimeout=10&loginTimeout=30&socketTimeout=60";
        try (Connection connection = DriverManager.getConnection(url, USER, USER);
                Statement simple = connection.createStatement();
                PreparedStatement prepared =
                        connection.prepareStatement("SELECT oid FROM pg_class WHERE relname = ?")) {
            for (int i = 0; i < QUERIES; i++) {
                read(simple.executeQuery("SELECT " + i));
                prepared.setString(1, "relation_" + i);
                read(prepared.executeQuery());
            }
            connection.setAutoCommit(false);
            read(simple.executeQuery("SELECT count(*) FROM pg_class"));
            connection.commit();
        }
    }

    private static void read(ResultSet rows) throws SQLException {
        try (rows) {
            while (rows.next()) {
                Objects.requireNonNull(rows.getString(1));
            }
        }
    }

    /** Waits for the line that says which port it is. */
    private static final class Listening extends StringWriter {
        private final CompletableFuture<Integer> port;

        Listening(CompletableFuture<Integer> port) {
            this.port = port;
        }

        @Override
        public void flush() {
            Matcher ready = READY.matcher(toString());
            if (ready.find()) {
                port.complete(Integer.parseInt(ready.group(1)));
            }
        }
    }
}

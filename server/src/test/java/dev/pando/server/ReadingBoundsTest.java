package dev.pando.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import dev.pando.lab.TemporaryServer;
import dev.pando.server.code.JudgedCatalogs;
import dev.pando.server.code.ReadingBounds;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database whose code takes too long to read, or is too much. */
class ReadingBoundsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static TemporaryServer server;

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start();
        try (Connection direct = server.connect()) {
            run(direct, "CREATE ROLE app LOGIN PASSWORD 'app'");
            run(direct, "CREATE DATABASE app OWNER app");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** With one server connection for everybody. */
    private static PandoServer pando(ReadingBounds bounds) {
        String file = """
                [listen]
                port = 0
                [http]
                enabled = false
                [[users]]
                name = "app"
                password = "app"
                [[databases]]
                name = "app"
                pool_size = 1
                servers = ["127.0.0.1:%d"]
                """.formatted(server.port());
        return PandoServer.start(
                LiveConfig.of(ConfigLoader.parse(file, "test", Purpose.SERVE, SecretSource.of(Path.of("."), Map.of()))),
                null,
                new JudgedCatalogs(bounds));
    }

    /** One whose first reading finds what the statement has made. */
    private static PandoServer after(Connection direct, String statement, ReadingBounds bounds) throws SQLException {
        run(direct, statement);
        return pando(bounds);
    }

    private static Connection client(PandoServer pando) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + pando.port() + "/app?preferQueryMode=simple", "app", "app");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<@Nullable String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<@Nullable String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static List<@Nullable String> activity(Connection direct, String column, String which) throws SQLException {
        return column(
                direct,
                "SELECT " + column + " FROM pg_stat_activity WHERE datname = 'app' AND usename = 'app' AND " + which);
    }

    /** Whoever holds a lock on a catalog would hold up every reading, and with it the only connection, for as long as it may take. */
    @Test
    void oneThatTakesTooLongIsGivenUpWithItsConnection() throws SQLException {
        try (Connection direct = server.connect("app");
                PandoServer pando = pando(new ReadingBounds(Duration.ofMillis(300), 64L << 20));
                Connection client = client(pando)) {
            direct.setAutoCommit(false);
            run(direct, "LOCK TABLE pg_catalog.pg_policy");
            List<@Nullable String> before = column(client, "SELECT pg_backend_pid()");
            try (Connection watching = server.connect("app")) {
                await().until(() ->
                        activity(watching, "pid", "wait_event_type = 'Lock'").equals(before));
            }
            assertThat(column(client, "SELECT pg_backend_pid()"))
                    .as("it is served on another one")
                    .isNotEqualTo(before);
            direct.rollback();
        }
    }

    @Test
    void oneThatIsTooLargeIsNotReadAndEveryTransactionIsLookedAfter() throws SQLException {
        String function =
                "CREATE FUNCTION long() RETURNS int LANGUAGE sql AS 'SELECT 1 /*" + "x".repeat(10_000) + "*/'";
        try (Connection direct = server.connect("app");
                PandoServer pando = after(direct, function, new ReadingBounds(LONG, 10_000));
                Connection client = client(pando)) {
            List<@Nullable String> connection = column(client, "SELECT pg_backend_pid()");
            // Longer than a reading takes that is not refused.
            await().during(Duration.ofSeconds(3)).untilAsserted(() -> {
                run(client, "SELECT 'harmless'");
                assertThat(activity(direct, "query", "state = 'idle'"))
                        .singleElement()
                        .asString()
                        .startsWith("(SELECT '");
            });
            assertThat(column(client, "SELECT pg_backend_pid()"))
                    .as("the connection goes on")
                    .isEqualTo(connection);
        }
    }
}

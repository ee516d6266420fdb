package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A plain database whose code tests make, and a Pando in front of it that has one connection to it. */
abstract class CodeDatabase {
    static final String TABLE = "CREATE TABLE notes (id int, by text DEFAULT 'x');";
    final TemporaryServer server = Running.servers(2).getFirst();

    @Nullable
    Running pando;

    CodeDatabase() throws SQLException {}

    @BeforeEach
    void database() throws SQLException {
        try (Connection connection = server.connect()) {
            Sql.run(connection, "DROP DATABASE IF EXISTS code WITH (FORCE)");
            Sql.run(connection, "CREATE DATABASE code OWNER app");
        }
    }

    @AfterEach
    void stop() {
        if (pando != null) {
            pando.close();
        }
    }

    /** With one server connection for everybody. */
    Running start() {
        Running started = Running.plain(
                "[[databases]]\nname = \"code\"\npool_size = 1\nservers = [\"127.0.0.1:" + server.port() + "\"]\n");
        pando = started;
        return started;
    }

    /** Past Pando. */
    void direct(String... statements) throws SQLException {
        try (Connection connection = server.connect("code")) {
            Sql.run(connection, "SET ROLE app");
            for (String statement : statements) {
                Sql.run(connection, statement);
            }
        }
    }

    static String trigger(String body) {
        return "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " RETURN NEW; END $$;"
                + "CREATE TRIGGER act BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION act();";
    }

    /** The last statement on the pooled connection, which is a look if there was one; null while it is at work. */
    @Nullable
    String lastStatement() throws SQLException {
        List<@Nullable String> last = lastStatements();
        return last.isEmpty() ? null : last.getFirst();
    }

    /** None while it is at work. */
    List<@Nullable String> lastStatements() throws SQLException {
        try (Connection connection = server.connect("code")) {
            return Sql.column(
                    connection,
                    "SELECT query FROM pg_stat_activity WHERE datname = 'code' AND usename = 'app' AND state = 'idle'",
                    "query");
        }
    }

    List<@Nullable String> temporary() throws SQLException {
        try (Connection connection = server.connect("code")) {
            return Sql.column(
                    connection, "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'", "relname");
        }
    }

    /** A harmless statement is followed by no look any more. */
    void awaitRead(Connection client) {
        awaitUnwatched(client, "SELECT 'harmless'");
    }

    /** Unless a reading has just come after it. */
    void awaitUnwatched(Connection client, String sql) {
        await().untilAsserted(() -> {
            Sql.run(client, sql);
            assertThat(lastStatement()).isEqualTo(sql);
        });
    }

    static List<String> pinned(Running running) throws SQLException {
        try (Connection admin = running.admin("app")) {
            return Sql.column(admin, "SHOW CLIENTS", "pinned").stream()
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .toList();
        }
    }

    /** What {@code sql} sets {@code app.a} to is its own session's, on whatever connection, and nobody else's. */
    static void assertCarried(Connection own, Connection other, String sql, String value) throws SQLException {
        String asked = "SELECT coalesce(current_setting('app.a', true), '')";
        Sql.run(own, sql);
        assertThat(Sql.value(other, asked)).as(sql).isEmpty();
        assertThat(Sql.value(own, asked)).as(sql).isEqualTo(value);
    }
}

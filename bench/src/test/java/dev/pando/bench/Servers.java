package dev.pando.bench;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Real servers for this module's tests. */
final class Servers {
    static final String PASSWORD = "pa ss,=ü";

    private Servers() {}

    /**
     * A server where role {@code bench} has to log in with SCRAM and everybody else is trusted; both may create tables in database
     * {@code postgres}.
     */
    static TemporaryServer withScram(Map<String, String> settings) throws SQLException {
        TemporaryServer server = TemporaryServer.start(settings);
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE bench LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'");
            String file = BenchTables.Sql.text(connection, "SHOW hba_file");
            statement.execute(
                    "COPY (VALUES ('host all bench 127.0.0.1/32 scram-sha-256'), ('host all old 127.0.0.1/32 md5'),"
                            + " ('host all plain 127.0.0.1/32 password'), ('host all all 127.0.0.1/32 trust'))"
                            + " TO '" + file + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
        return server;
    }

    static PostgresUrl scramUrl(TemporaryServer server) {
        return new PostgresUrl("bench", PASSWORD, server.host(), server.port(), "postgres");
    }

    static PostgresUrl trustUrl(TemporaryServer server) {
        return new PostgresUrl("postgres", "", server.host(), server.port(), "postgres");
    }

    static void execute(TemporaryServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

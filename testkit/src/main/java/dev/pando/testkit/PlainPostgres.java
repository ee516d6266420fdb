package dev.pando.testkit;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** One plain PostgreSQL server with the user and the database that {@link RunningPando} has: what Pando is compared with. */
public final class PlainPostgres implements AutoCloseable {
    private final TemporaryServer server;

    private PlainPostgres(TemporaryServer server) {
        this.server = server;
    }

    /** One that asks its clients for their password, as the servers behind Pando do. */
    public static PlainPostgres startWithPasswords() throws SQLException {
        PlainPostgres started = start();
        try {
            started.server.rules("host all all 127.0.0.1/32 scram-sha-256");
        } catch (SQLException e) {
            started.close();
            throw e;
        }
        return started;
    }

    public static PlainPostgres start() throws SQLException {
        TemporaryServer server = TemporaryServer.start();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
            statement.execute("CREATE DATABASE app OWNER app");
        } catch (SQLException e) {
            server.close();
            throw e;
        }
        return new PlainPostgres(server);
    }

    public String host() {
        return server.host();
    }

    public int port() {
        return server.port();
    }

    /** For drivers; {@code parameters} are pgjdbc's. */
    public String jdbcUrl(String... parameters) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/app?user=app&password=app"
                + (parameters.length == 0 ? "" : "&" + String.join("&", parameters));
    }

    /** A new connection as user {@code app}, without any special rights. */
    public Connection connect(String... parameters) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(parameters));
    }

    @Override
    public void close() {
        server.close();
    }
}

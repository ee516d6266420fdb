package dev.pando.lab.twin;

import dev.pando.lab.TemporaryServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** JDBC in as few words as a page of catalog queries needs. */
final class Sql {
    private static final int FETCH = 1000;

    private Sql() {}

    /** Makes a value of the row that the result stands on. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    static <T> List<T> rows(Connection connection, RowReader<T> reader, String sql, Object... values)
            throws SQLException {
        List<T> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
            }
        }
        return all;
    }

    /** The first column of the one row that {@code sql} has. */
    static String one(Connection connection, String sql, Object... values) throws SQLException {
        return rows(connection, row -> row.getString(1), sql, values).getFirst();
    }

    /**
     * A connection of {@code postgres} whose texts the driver leaves alone: it neither looks for parameters in them nor takes them apart,
     * which it cannot do right of all functions' bodies.
     */
    static Connection plain(TemporaryServer server, String database) throws SQLException {
        return server.connectToMeasure(database);
    }

    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * From here on, within the transaction, names mean PostgreSQL's own objects, whatever code of others has set: what is read next goes into
     * a superuser's statement.
     */
    static void ownNames(Connection connection) throws SQLException {
        run(connection, "SET LOCAL search_path = pg_catalog, pg_temp");
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}

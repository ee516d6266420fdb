package dev.pando.acceptance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The few things that most tests do with a JDBC connection. */
final class Jdbc {
    private Jdbc() {}

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static List<String> list(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return list(statement.executeQuery(sql));
        }
    }

    /** The first column; the answer is closed. */
    static List<String> list(ResultSet result) throws SQLException {
        return list(result, result.getMetaData().getColumnName(1));
    }

    /** One column; the answer is closed. */
    static List<String> list(ResultSet result, String column) throws SQLException {
        List<String> values = new ArrayList<>();
        try (result) {
            while (result.next()) {
                values.add(String.valueOf(result.getString(column)));
            }
        }
        return values;
    }
}

package dev.pando.rehearse.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks the server what it thinks of values before rows are made of them. */
final class Probe {
    static final int SAMPLE = 64;

    private final Connection connection;

    Probe(Connection connection) {
        this.connection = connection;
    }

    /** How many of {@link #SAMPLE} rows pass; none when the server refuses to make them. */
    int passing(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            // A value that its type, its domain or the condition cannot take: that is the answer. A lost connection is
            // none.
            if (String.valueOf(e.getSQLState()).startsWith("08")) {
                throw e;
            }
            return 0;
        }
    }
}

package dev.pando.lint;

import dev.pando.lab.oracle.LockOracle;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** Asks the server what a DROP … CASCADE takes with it: runs it, listens to its notices, rolls back. */
final class Cascade {
    private static final String START = "drop cascades to ";

    private Cascade() {}

    static List<String> of(Connection connection, String sql) throws SQLException {
        List<String> fallen = new ArrayList<>();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL client_min_messages = notice");
            statement.execute("SET LOCAL statement_timeout = " + LockOracle.LIMIT.toMillis());
            statement.clearWarnings();
            statement.execute(sql);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                ServerErrorMessage message = warning instanceof PSQLWarning own ? own.getServerErrorMessage() : null;
                if (message != null) {
                    add(fallen, message);
                }
            }
        } catch (SQLException e) {
            return List.of(); // the statement fails, which is a finding of its own
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        return fallen;
    }

    /** One object stands in the message, several in lines of its detail. */
    private static void add(List<String> fallen, ServerErrorMessage message) {
        String detail = message.getDetail();
        String text = detail == null ? String.valueOf(message.getMessage()) : detail;
        text.lines().filter(line -> line.startsWith(START)).forEach(line -> fallen.add(line.substring(START.length())));
    }
}

package dev.pando.lab;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements of others on a guarded server, whose rows nobody looks at. */
public final class ForeignStatement {
    /** The last of a statement's notices, where there were more than are kept. */
    public static final String NOTICES_LEFT_OUT = AnswerFilter.NOTICES_LEFT_OUT;

    private ForeignStatement() {}

    /** Runs {@code sql}, however many rows it answers. */
    public static void execute(Statement statement, String sql) throws SQLException {
        statement.setEscapeProcessing(false);
        withoutRows(() -> statement.execute(sql));
    }

    /** The same of one that is prepared. */
    public static void execute(PreparedStatement statement) throws SQLException {
        withoutRows(statement::execute);
    }

    private interface Run {
        boolean run() throws SQLException;
    }

    private static void withoutRows(Run run) throws SQLException {
        try {
            run.run();
        } catch (SQLException e) {
            if (!AnswerFilter.tooManyRows(e) || e.getNextException() != null) {
                throw e;
            }
        }
    }
}

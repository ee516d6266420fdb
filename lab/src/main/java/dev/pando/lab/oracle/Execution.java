package dev.pando.lab.oracle;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.lab.ForeignStatement;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * What came of sending a text to the server as it is: its error, or null, and its messages.
 *
 * @param complete whether these are all of them
 */
record Execution(@Nullable SQLException error, List<String> messages, boolean complete) {
    private static final int MOST_MESSAGES = 1_000;

    /** What is cancelled when its time is over and does not end is ended from outside, and its session with it. */
    static Execution of(TemporaryServer server, Connection connection, String sql, Duration limit) {
        try (var _ = server.limit(connection, LockOracle.outside(limit));
                Statement statement = connection.createStatement()) {
            statement.setMaxRows(1);
            statement.setQueryTimeout(Math.toIntExact(limit.toSeconds()));
            if (copies(sql)) {
                copy(connection, sql);
            } else {
                ForeignStatement.execute(statement, sql);
            }
            return of(statement);
        } catch (SQLException e) {
            return new Execution(e, List.of(), true);
        }
    }

    private static Execution of(Statement statement) throws SQLException {
        List<String> messages = messages(statement);
        boolean complete = messages.size() < MOST_MESSAGES && !messages.contains(ForeignStatement.NOTICES_LEFT_OUT);
        return new Execution(null, messages, complete);
    }

    private static List<String> messages(Statement statement) throws SQLException {
        List<String> messages = new ArrayList<>();
        for (SQLWarning warning = statement.getWarnings();
                warning != null && messages.size() < MOST_MESSAGES;
                warning = warning.getNextWarning()) {
            messages.add(String.valueOf(warning.getMessage()));
        }
        return messages;
    }

    private static void copy(Connection connection, String sql) throws SQLException {
        CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
        try {
            if (words(sql, Integer.MAX_VALUE).contains("stdin")) {
                manager.copyIn(sql, new StringReader(""));
            } else {
                manager.copyOut(sql, Writer.nullWriter());
            }
        } catch (IOException e) {
            throw new SQLException("COPY: " + e, e);
        }
    }

    /** Whether rows go to or come from the client. */
    private static boolean copies(String sql) {
        List<String> words = words(sql, Integer.MAX_VALUE);
        return !words.isEmpty()
                && words.getFirst().equals("copy")
                && (words.contains("stdin") || words.contains("stdout"));
    }

    /** The first words of {@code sql} that stand outside of quotes, in small letters. */
    static List<String> words(String sql, int limit) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(text, 0, text.length);
        List<String> words = new ArrayList<>();
        for (Token token = lexer.next(); token != Token.END && words.size() < limit; token = lexer.next()) {
            if (token == Token.IDENTIFIER) {
                words.add(new String(text, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8)
                        .toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }
}

package dev.pando.rehearse;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Messages;
import dev.pando.lab.SessionEnded;
import dev.pando.lint.Rights;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Statement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Runs a text such as pg_dump writes, however long it is; what fails is told, and the rest goes on. */
final class DumpLoader {
    private static final Pattern COPY = Pattern.compile("(?i)copy\\s.*\\sfrom\\s+stdin\\b.*;\\s*");
    private static final int MOST_PROBLEMS = 1_000;
    /** Statements are run when so much text has come together; a longer one is waited for. */
    private static final int PIECE = 1 << 20;

    private final Connection connection;
    private final Rights rights;
    private final boolean rows;
    private final String name;
    private final MigrationReader reader = new MigrationReader(Map.of(), Mode.PER_STATEMENT);
    private final List<String> problems = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();

    private DumpLoader(Connection connection, Rights rights, String name, boolean rows) {
        this.connection = connection;
        this.rights = rights;
        this.name = name;
        this.rows = rows;
    }

    /**
     * Answers what failed, in words.
     *
     * @param rows whether the data of COPY is loaded, too
     */
    static List<String> load(Connection connection, Rights rights, BufferedReader in, String name, boolean rows)
            throws IOException, SQLException {
        var loader = new DumpLoader(connection, rights, name, rows);
        loader.load(in);
        return loader.problems;
    }

    private void load(BufferedReader in) throws IOException, SQLException {
        int kept = 0;
        String line = in.readLine();
        while (line != null) {
            pending.append(line).append('\n');
            if (COPY.matcher(line).matches()) {
                List<Statement> statements = split();
                Statement last = statements.getLast();
                if (last.sql().regionMatches(true, 0, "copy", 0, 4)) {
                    run(statements.subList(0, statements.size() - 1));
                    pending.setLength(0);
                    kept = 0;
                    copy(last.sql(), in);
                }
            } else if (pending.length() - kept > PIECE) {
                List<Statement> statements = split();
                if (statements.size() > 1) {
                    run(statements.subList(0, statements.size() - 1));
                    byte[] text = pending.toString().getBytes(StandardCharsets.UTF_8);
                    int start = statements.getLast().start();
                    pending.setLength(0);
                    pending.append(new String(text, start, text.length - start, StandardCharsets.UTF_8));
                }
                kept = pending.length();
            }
            line = in.readLine();
        }
        run(split());
    }

    private List<Statement> split() {
        return reader.read(new Source(name, pending.toString())).statements();
    }

    private void run(List<Statement> statements) throws SQLException {
        for (Statement statement : statements) {
            if (statement.kind() != Statement.Kind.PSQL) {
                run(statement.sql());
            } else if (!statement.sql().contains("restrict")) {
                problem(statement.sql(), "a command of psql's");
            }
        }
    }

    private void run(String sql) throws SQLException {
        try {
            rights.run(connection, sql);
        } catch (SQLException e) {
            refused(sql, e);
        }
    }

    private void copy(String sql, BufferedReader in) throws IOException, SQLException {
        CopyIn copy = rows ? begun(sql) : null;
        String line = in.readLine();
        while (line != null && !line.equals("\\.")) {
            if (copy != null) {
                byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
            }
            line = in.readLine();
        }
        if (copy != null) {
            ended(copy, sql);
        }
    }

    /** Rows that the server refuses are told of only here, however many were sent after them. */
    private void ended(CopyIn copy, String sql) throws SQLException {
        try {
            copy.endCopy();
        } catch (SQLException e) {
            refused(sql, e);
        }
    }

    private @Nullable CopyIn begun(String sql) throws SQLException {
        try {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        } catch (SQLException e) {
            refused(sql, e);
            return null;
        }
    }

    private void refused(String sql, SQLException e) throws SQLException {
        String ended = SessionEnded.reason(e);
        if (ended != null) {
            throw PandoException.causedBy(e, PandoError.SESSION_ENDED, name + ": " + beginning(sql), ended);
        }
        if (String.valueOf(e.getSQLState()).startsWith("08")) {
            throw e;
        }
        problem(sql, Messages.of(e));
    }

    private void problem(String sql, String reason) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(String.format(Locale.ROOT, "%s: %s failed: %s", name, beginning(sql), reason));
        }
    }

    private static String beginning(String sql) {
        String first = sql.lines().findFirst().orElse("").strip();
        return first.length() > 60 ? first.substring(0, 60) + " …" : first;
    }
}

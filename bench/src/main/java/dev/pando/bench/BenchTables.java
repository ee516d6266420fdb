package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The two tables of the benchmark, through an endpoint that may be Pando or a plain PostgreSQL. */
final class BenchTables {
    private static final Set<String> NO_SUCH_FUNCTION = Set.of("3F000", "42883");
    private static final String ALREADY_DECLARED = "42P07";
    private static final String NOT_DECLARED = "22023";
    private static final String USERS = """
            CREATE TABLE IF NOT EXISTS users (
              id uuid PRIMARY KEY,
              name text NOT NULL,
              email text NOT NULL,
              region text NOT NULL,
              created_at timestamptz NOT NULL DEFAULT now())""";
    private static final String MESSAGES = """
            CREATE TABLE IF NOT EXISTS messages (
              id uuid NOT NULL,
              user_id uuid NOT NULL,
              body text NOT NULL,
              sent_at timestamptz NOT NULL DEFAULT now(),
              PRIMARY KEY (user_id, id))""";

    private final Connection connection;

    BenchTables(Connection connection) {
        this.connection = connection;
    }

    /** Creates what is missing. */
    void create() throws SQLException {
        execute(USERS);
        execute(MESSAGES);
    }

    /**
     * Declares both tables sharded and co-located where they are not yet.
     *
     * @param function {@code hash} or {@code ring}; null for the endpoint's default
     * @param replace whether tables declared otherwise may be declared anew; they are empty then
     * @return false when the endpoint knows no {@code pando.distribute}: a plain PostgreSQL
     */
    boolean distribute(@Nullable String function, boolean replace) throws SQLException {
        String users = function == null
                ? "SELECT pando.distribute('users', 'id')"
                : "SELECT pando.distribute('users', 'id', function => '" + function + "')";
        try {
            if (function != null && replace) {
                undistribute();
            }
            if (!declare(users) && function != null) {
                throw new PandoException(PandoError.BENCH_FUNCTION, function);
            }
            declare("SELECT pando.distribute('messages', 'user_id', colocate_with => 'users')");
            return true;
        } catch (SQLException e) {
            if (NO_SUCH_FUNCTION.contains(String.valueOf(e.getSQLState()))) {
                return false;
            }
            throw e;
        }
    }

    /** False when it was declared already. */
    private boolean declare(String sql) throws SQLException {
        try {
            execute(sql);
            return true;
        } catch (SQLException e) {
            if (ALREADY_DECLARED.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private void undistribute() throws SQLException {
        for (String table : List.of("messages", "users")) {
            try {
                execute("SELECT pando.undistribute('" + table + "')");
            } catch (SQLException e) {
                // Not declared yet is what is wanted.
                if (!NOT_DECLARED.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    /** Refuses tables with rows, or empties them. */
    void requireEmpty(boolean replace) throws SQLException {
        for (String table : List.of("messages", "users")) {
            long rows = count(table);
            if (rows > 0 && !replace) {
                throw new PandoException(
                        PandoError.BENCH_TABLE_NOT_EMPTY, table, String.format(Locale.ROOT, "%,d", rows));
            }
            if (rows > 0) {
                execute("TRUNCATE " + table);
            }
        }
    }

    long count(String table) throws SQLException {
        return Sql.number(connection, "SELECT count(*) FROM " + table);
    }

    long count(List<String> tables) throws SQLException {
        long rows = 0;
        for (String table : tables) {
            rows += count(table);
        }
        return rows;
    }

    /** What the server calls itself, such as {@code 18.6}. */
    String version() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One value of one row. */
    static final class Sql {
        private Sql() {}

        static long number(Connection connection, String sql) throws SQLException {
            return Long.parseLong(text(connection, sql));
        }

        static String text(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                if (!rows.next()) {
                    throw new SQLException("no row from: " + sql);
                }
                return String.valueOf(rows.getString(1));
            }
        }
    }
}

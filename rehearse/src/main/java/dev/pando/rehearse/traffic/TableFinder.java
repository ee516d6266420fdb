package dev.pando.rehearse.traffic;

import dev.pando.base.sql.Shape;
import dev.pando.base.sql.Shaper;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Statement;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a copy which tables a statement uses: those it locks to plan it, so that tables behind views count and a partition as its table. What has no plan,
 * or fails, has none.
 */
public final class TableFinder {
    private static final int MOST_SHAPES = 10_000;
    private static final String LOCKED = """
            SELECT DISTINCT format('%I.%I', n.nspname, c.relname) FROM pg_locks l
            JOIN pg_class c ON c.oid = coalesce(pg_partition_root(l.relation), l.relation)
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'm', 'f')
              AND c.oid >= 16384 ORDER BY 1""";

    private final Connection connection;
    private final MigrationReader reader = new MigrationReader(Map.of(), Mode.PER_STATEMENT);
    private final Shaper shaper = new Shaper();
    private final Map<Shape, List<String>> known = new HashMap<>();

    /** @param connection whose driver leaves texts alone */
    public TableFinder(Connection connection) {
        this.connection = connection;
    }

    /** Statements that differ in their literals only are asked for once. */
    public List<String> tables(String sql) throws SQLException {
        Shape shape = shaper.shape(sql.getBytes(StandardCharsets.UTF_8)).shape();
        List<String> tables = known.get(shape);
        if (tables == null && known.size() < MOST_SHAPES) {
            tables = asked(sql);
            known.put(shape, tables);
        }
        return tables == null ? List.of() : tables;
    }

    private List<String> asked(String sql) throws SQLException {
        List<Statement> statements = reader.read(new Source("traffic", sql)).statements();
        connection.setAutoCommit(false);
        try (java.sql.Statement session = connection.createStatement()) {
            session.setEscapeProcessing(false);
            for (Statement statement : statements) {
                session.execute("EXPLAIN (COSTS off) " + statement.sql());
            }
            return locked(session);
        } catch (SQLException e) {
            // BEGIN, SET and the like have no plan, and what the copy refuses uses none of its tables.
            if (String.valueOf(e.getSQLState()).startsWith("08")) {
                throw e;
            }
            return List.of();
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static List<String> locked(java.sql.Statement session) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = session.executeQuery(LOCKED)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}

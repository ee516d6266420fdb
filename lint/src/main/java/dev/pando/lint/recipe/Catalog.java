package dev.pando.lint.recipe;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.LockOracle;
import dev.pando.lint.fact.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What recipes ask about the schema a statement meets. */
public final class Catalog {
    private final Connection connection;

    public Catalog(Connection connection) {
        this.connection = connection;
    }

    /** {@code relkind} of a relation; empty when there is none. */
    Optional<String> kind(Node range) {
        return one("SELECT relkind::text FROM pg_class WHERE oid = to_regclass(?)", Names.of(range));
    }

    /** Whether a column may be NULL. */
    boolean nullable(Node range, String column) {
        return one(
                        "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND NOT attnotnull",
                        Names.of(range),
                        column)
                .isPresent();
    }

    /** The type of a column as SQL has it. */
    Optional<String> type(Node range, String column) {
        return one(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ?",
                Names.of(range),
                column);
    }

    /** The only column of the primary key. */
    Optional<String> key(Node range) {
        return one("""
                SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                WHERE indrelid = to_regclass(?) AND indisprimary AND indnkeyatts = 1""", Names.of(range));
    }

    /** Whether a column has an index, a constraint beyond NOT NULL, or anything else that would have to be made again. */
    boolean entangled(Node range, String column) {
        return one("""
                        SELECT 1 FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(?) AND a.attname = ?
                        LIMIT 1""", Names.of(range), column).isPresent();
    }

    boolean hasDefault(Node range, String column) {
        return one(
                        "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND (atthasdef OR attidentity <> '')",
                        Names.of(range),
                        column)
                .isPresent();
    }

    /** Whether PostgreSQL takes another name for a constraint of the table, or for the index of one. */
    boolean taken(Node range, String name, boolean ofIndex) {
        String schema = "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass(?))";
        String constraint = "SELECT 1 FROM pg_constraint WHERE conname = ? AND connamespace = " + schema;
        String relation = "SELECT 1 FROM pg_class WHERE relname = ? AND relnamespace = " + schema;
        return one(constraint, name, Names.of(range)).isPresent()
                || (ofIndex && one(relation, name, Names.of(range)).isPresent());
    }

    /** The columns of a partition key; empty when there are expressions in it. */
    List<String> partitionKey(Node range) {
        String columns = """
                SELECT string_agg(attname, E'\\n' ORDER BY i) FROM pg_partitioned_table, unnest(partattrs) WITH ORDINALITY AS k (n, i)
                JOIN pg_attribute ON attnum = n AND attrelid = to_regclass(?) WHERE partrelid = to_regclass(?) AND partexprs IS NULL""";
        return one(columns, Names.of(range), Names.of(range)).stream()
                .flatMap(String::lines)
                .toList();
    }

    /** The default partition of a partitioned table, as SQL names it. */
    Optional<String> defaultPartition(Node range) {
        return one(
                "SELECT partdefid::regclass::text FROM pg_partitioned_table WHERE partrelid = to_regclass(?) AND partdefid <> 0",
                Names.of(range));
    }

    /** The condition that rows of a partition fulfil once {@code attach} has run, which is tried and rolled back. */
    Optional<String> conditionAfter(String attach, Node partition) {
        return after(attach, () -> one("SELECT pg_get_partition_constraintdef(to_regclass(?))", Names.of(partition)));
    }

    /** The leaf partitions without foreign tables, as SQL names them. */
    List<String> leaves(Node range) {
        return all("""
                SELECT relid::regclass FROM pg_partition_tree(to_regclass(?)) JOIN pg_class ON oid = relid
                WHERE isleaf AND relkind = 'r' ORDER BY relid::regclass::text""", Names.of(range));
    }

    /** Whether some partition, on any level, is a foreign table. */
    boolean hasForeignPartition(Node range) {
        return one("""
                        SELECT 1 FROM pg_partition_tree(to_regclass(?)) JOIN pg_class ON oid = relid WHERE relkind = 'f' LIMIT 1""", Names.of(range)).isPresent();
    }

    /**
     * An index of a partitioned table or of one of its partitions.
     *
     * @param qualifiedName as SQL has it, like {@code attachedTo} and {@code table}
     * @param attachedTo the index it was no part of before; null when it is the topmost, or was part of it already
     * @param made whether it was not there before
     */
    record Member(
            String name,
            String qualifiedName,
            @Nullable String attachedTo,
            String table,
            boolean partitioned,
            int level,
            boolean made) {}

    /** The index that {@code create} makes of a partitioned table and those below it, parents first; tried and rolled back. */
    List<Member> indexesMadeBy(String create, Node range) {
        String members = """
                WITH made AS (SELECT indexrelid FROM pg_index
                    WHERE indrelid = to_regclass(?) AND xmin = pg_current_xact_id()::xid)
                SELECT c.relname, c.oid::regclass,
                    CASE WHEN h.xmin = pg_current_xact_id()::xid THEN h.inhparent::regclass END,
                    i.indrelid::regclass, c.relkind = 'I', tree.level,
                    i.xmin = pg_current_xact_id()::xid
                FROM made, pg_partition_tree(made.indexrelid) AS tree JOIN pg_class c ON c.oid = tree.relid
                JOIN pg_index i ON i.indexrelid = tree.relid LEFT JOIN pg_inherits h ON h.inhrelid = tree.relid
                ORDER BY tree.level, c.oid::regclass::text""";
        return after(create, () -> {
            List<Member> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(members)) {
                statement.setString(1, Names.of(range));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(new Member(
                                rows.getString(1),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getBoolean(5),
                                rows.getInt(6),
                                rows.getBoolean(7)));
                    }
                }
            }
            return found;
        });
    }

    private interface Look<T> {
        T look() throws SQLException;
    }

    /** What is seen after a statement has run, which is rolled back. */
    private <T> T after(String sql, Look<T> look) {
        try {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL statement_timeout = " + LockOracle.LIMIT.toMillis());
                statement.execute(sql);
                return look.look();
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        } catch (SQLException e) {
            throw new CatalogProblem(e);
        }
    }

    private Optional<String> one(String sql, String... values) {
        return all(sql, values).stream().findFirst();
    }

    private List<String> all(String sql, String... values) {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String value = rows.getString(1);
                    if (value != null) {
                        found.add(value);
                    }
                }
            }
        } catch (SQLException e) {
            throw new CatalogProblem(e);
        }
        return found;
    }

    /** The schema could not be asked: there is no recipe then. */
    static final class CatalogProblem extends RuntimeException {
        CatalogProblem(SQLException cause) {
            super(cause);
        }
    }
}

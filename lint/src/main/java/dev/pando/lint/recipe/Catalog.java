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
        try {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL statement_timeout = " + LockOracle.LIMIT.toMillis());
                statement.execute(attach);
                return one("SELECT pg_get_partition_constraintdef(to_regclass(?))", Names.of(partition));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new CatalogProblem(e);
        }
    }

    private Optional<String> one(String sql, String... values) {
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
        return found.stream().findFirst();
    }

    /** The schema could not be asked: there is no recipe then. */
    static final class CatalogProblem extends RuntimeException {
        CatalogProblem(SQLException cause) {
            super(cause);
        }
    }
}

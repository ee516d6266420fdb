package dev.pando.server.control;

import dev.pando.core.topology.TableName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a table before it is declared, as home has it.
 *
 * @param owner name of the role that owns it
 * @param child whether it is a partition or inherits from another table
 * @param triggers names of user triggers
 */
record TableFacts(
        TableName name,
        long oid,
        String kind,
        String owner,
        boolean child,
        boolean forcedRowSecurity,
        List<ColumnFact> columns,
        List<UniqueFact> uniques,
        List<ForeignKeyFact> foreignKeys,
        List<SequenceFact> sequences,
        List<String> triggers) {
    TableFacts {
        columns = List.copyOf(columns);
        uniques = List.copyOf(uniques);
        foreignKeys = List.copyOf(foreignKeys);
        sequences = List.copyOf(sequences);
        triggers = List.copyOf(triggers);
    }

    /**
     * @param defaultExpression as pg_get_expr prints it, null if none
     * @param type as format_type prints it
     */
    record ColumnFact(
            String name,
            int typeOid,
            String type,
            boolean computed,
            boolean deterministic,
            @Nullable String defaultExpression) {}

    /**
     * A unique index or exclusion constraint.
     *
     * @param columns plain columns only; expressions are left out
     */
    record UniqueFact(String name, List<String> columns) {
        UniqueFact {
            columns = List.copyOf(columns);
        }
    }

    /** A foreign key of {@code from} to {@code to}; this table is one of them, or both. */
    record ForeignKeyFact(String name, TableName from, List<String> fromColumns, TableName to, List<String> toColumns) {
        ForeignKeyFact {
            fromColumns = List.copyOf(fromColumns);
            toColumns = List.copyOf(toColumns);
        }
    }

    /**
     * A sequence that belongs to a column (serial, identity).
     *
     * @param last the highest value it may have given, 0 if none
     */
    record SequenceFact(TableName name, String column, long increment, boolean cycles, long last) {}

    Optional<ColumnFact> column(String column) {
        return columns.stream().filter(c -> c.name().equals(column)).findFirst();
    }
}

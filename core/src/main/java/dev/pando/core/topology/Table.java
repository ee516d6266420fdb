package dev.pando.core.topology;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A relation of the database.
 *
 * @param readsFrom for views and materialised views: the tables they read, through other views too; else empty
 */
public record Table(TableName name, Kind kind, Placement placement, List<Column> columns, Set<TableName> readsFrom) {
    public enum Kind {
        /** Ordinary, partitioned or partition: rows of its own. */
        TABLE,
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN,
        SEQUENCE,
        /** Declared, and not seen yet: only the key's columns are known. */
        DECLARED
    }

    public Table {
        columns = List.copyOf(columns);
        readsFrom = Set.copyOf(readsFrom);
    }

    public Optional<Column> column(String column) {
        return columns.stream().filter(c -> c.name().equals(column)).findFirst();
    }
}

package dev.pando.server.control;

import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Which of the tables that reference another hold no rows on home. */
final class EmptyTables {
    private final Connection home;
    private final Metadata metadata;

    EmptyTables(Connection home, Metadata metadata) {
        this.home = home;
        this.metadata = metadata;
    }

    /** Answers for the tables that have foreign keys to this one. */
    Predicate<TableName> among(TableFacts table) throws SQLException {
        Set<TableName> empty = new HashSet<>();
        for (TableFacts.ForeignKeyFact foreign : table.foreignKeys()) {
            TableName from = foreign.from();
            if (!metadata.tables().containsKey(from) && !RowMover.hasRows(home, Declarations.quoted(from))) {
                empty.add(from);
            }
        }
        return empty::contains;
    }
}

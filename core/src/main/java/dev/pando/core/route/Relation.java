package dev.pando.core.route;

import dev.pando.core.route.Facts.ColumnId;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of FROM, or a statement's target table.
 *
 * @param table null for subqueries, functions, CTEs and tables that Pando does not know
 * @param placement null for what is no table
 * @param renamed column names given by the alias, in order
 */
record Relation(
        int id,
        String name,
        String alias,
        @Nullable Table table,
        @Nullable Placement placement,
        List<String> renamed) {
    Relation {
        renamed = List.copyOf(renamed);
    }

    /** Whether all columns are known: of a table that is declared and not yet seen, only the key is. */
    boolean known() {
        return table != null
                && table.kind() != Table.Kind.DECLARED
                && !table.columns().isEmpty();
    }

    Placement.@Nullable Sharded sharded() {
        return placement instanceof Placement.Sharded sharded ? sharded : null;
    }

    /** Names under which the statement sees the columns, in their order. */
    List<String> visibleColumns() {
        List<String> names = new ArrayList<>();
        if (table != null) {
            for (Column column : table.columns()) {
                names.add(names.size() < renamed.size() ? renamed.get(names.size()) : column.name());
            }
        }
        return names;
    }

    /** The column that is visible under this name. */
    @Nullable
    Column column(String visible) {
        int index = visibleColumns().indexOf(visible);
        return table == null || index < 0 ? null : table.columns().get(index);
    }

    ColumnId columnId(String stored) {
        return new ColumnId(id, stored);
    }
}

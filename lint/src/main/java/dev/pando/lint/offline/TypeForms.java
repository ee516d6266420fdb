package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.offline.Table.Column;
import dev.pando.lint.offline.Table.ColumnType;
import dev.pando.lint.offline.Table.Filling;
import java.util.List;

/** The forms of ALTER COLUMN … TYPE, of columns that nothing else depends on. */
final class TypeForms {
    private final Schema schema;

    TypeForms(Schema schema) {
        this.schema = schema;
    }

    Form of(Table table, Node command) {
        Column column = table.column(command.text("name"));
        Node definition = command.child("def");
        if (definition == null || definition.has("raw_default") || definition.has("collClause")) {
            throw new Unclear("TYPE with USING or COLLATE");
        }
        Forms.entanglement(table);
        boolean used = table.constraints.values().stream()
                        .anyMatch(each -> each.columns().contains(column.name()))
                || table.indexes.values().stream()
                        .anyMatch(each -> each.columns().contains(column.name()))
                || schema.referencing(table).stream()
                        .flatMap(other -> other.constraints.values().stream())
                        .anyMatch(each -> table.name.equals(each.references())
                                && each.referenced().contains(column.name()));
        if (used || column.filling() != Filling.NONE) {
            throw new Unclear("TYPE of a column with an index, a constraint or a default");
        }
        return Form.of("type " + change(column.type(), Columns.type(definition.child("typeName"))), table);
    }

    /** Both types, and how their limits compare. */
    private static String change(ColumnType from, ColumnType to) {
        if (!Values.builtIn(from) || !Values.builtIn(to) || from.array() || to.array()) {
            throw new Unclear("TYPE to or from such a type");
        }
        if (!from.name().equals(to.name())
                && (from.name().startsWith("time") || to.name().startsWith("time"))) {
            throw new Unclear("TYPE that may depend on the time zone");
        }
        return from.name() + " to " + to.name() + limits(from, to);
    }

    private static String limits(ColumnType from, ColumnType to) {
        List<Integer> old = from.modifiers();
        List<Integer> now = to.modifiers();
        if (old.isEmpty() && now.isEmpty()) {
            return "";
        }
        if (old.isEmpty() || now.isEmpty()) {
            return old.isEmpty() ? ", limited" : ", unlimited";
        }
        if (!from.name().equals(to.name()) || old.size() != now.size()) {
            return ", other limits";
        }
        String last = old.size() > 1 && !old.getLast().equals(now.getLast()) ? ", other scale" : "";
        int compared = Integer.compare(now.getFirst(), old.getFirst());
        return last + (compared == 0 ? ", as wide" : compared > 0 ? ", wider" : ", narrower");
    }
}

package dev.pando.core.route;

import dev.pando.core.route.Facts.ColumnId;
import dev.pando.core.topology.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The relations a query level can name, and those of the levels around it. A name that could mean several things resolves to nothing: the
 * planner then knows less, never something wrong.
 *
 * @param merged columns that USING merged, with the one they stand for; a name mapped to null stands for neither side's column
 */
record Scope(@Nullable Scope outer, List<Relation> relations, Map<String, Scope.@Nullable Found> merged) {
    /** A column and the relation it belongs to. */
    record Found(Relation relation, Column column) {
        ColumnId id() {
            return relation.columnId(column.name());
        }
    }

    static Scope of(@Nullable Scope outer, List<Relation> relations) {
        return new Scope(outer, relations, new HashMap<>());
    }

    /** What a ColumnRef names, or null when it is not certain to be one known column. */
    @Nullable
    Found resolve(Ast node) {
        if (!node.is("ColumnRef")) {
            return null;
        }
        List<Ast> fields = node.list("fields");
        if (fields.stream().anyMatch(field -> !field.is("String"))) {
            return null;
        }
        List<String> names = node.strings("fields");
        return switch (names.size()) {
            case 1 -> bare(names.getFirst());
            case 2 -> qualified("", names.getFirst(), names.getLast());
            case 3 -> qualified(names.getFirst(), names.get(1), names.getLast());
            default -> null;
        };
    }

    @Nullable
    Found resolve(String name) {
        return bare(name);
    }

    private @Nullable Found bare(String name) {
        if (merged.containsKey(name)) {
            return merged.get(name);
        }
        Found found = null;
        boolean opaque = false;
        for (Relation relation : relations) {
            Column column = relation.column(name);
            if (column != null && found != null) {
                return null;
            }
            found = column == null ? found : new Found(relation, column);
            opaque |= !relation.known();
        }
        if (found != null) {
            return found;
        }
        return opaque || outer == null ? null : outer.bare(name);
    }

    private @Nullable Found qualified(String schema, String alias, String name) {
        Relation relation = relation(schema, alias);
        if (relation == null) {
            return outer == null ? null : outer.qualified(schema, alias, name);
        }
        Column column = relation.column(name);
        return column == null ? null : new Found(relation, column);
    }

    /** The relation of this level with that alias. */
    @Nullable
    Relation relation(String schema, String alias) {
        for (Relation relation : relations) {
            boolean schemaFits = schema.isEmpty()
                    || (relation.table() != null
                            && relation.table().name().schema().equals(schema));
            if (relation.alias().equals(alias) && schemaFits) {
                return relation;
            }
        }
        return null;
    }
}

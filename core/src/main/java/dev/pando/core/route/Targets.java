package dev.pando.core.route;

import dev.pando.core.topology.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The output columns of a SELECT: their names as PostgreSQL's FigureColname gives them, and how many each item makes. */
final class Targets {
    private static final String UNNAMED = "?column?";

    /**
     * An item of the target list.
     *
     * @param alias empty when none is written
     * @param columns names of the columns it makes; null when they cannot be told
     * @param column the one it is, null when it is none or not certain
     */
    record Item(Ast value, String alias, @Nullable List<String> columns, Scope.@Nullable Found column) {
        boolean starred() {
            return alias.isEmpty() && (columns == null || columns.size() != 1 || isStar(value));
        }

        String name() {
            return columns == null || columns.size() != 1 ? UNNAMED : columns.getFirst();
        }
    }

    private final Scope scope;
    private final List<Item> items = new ArrayList<>();

    Targets(Ast select, Scope scope) {
        this.scope = scope;
        for (Ast target : select.list("targetList")) {
            Ast value = target.child("val");
            if (value != null) {
                String alias = target.text("name");
                List<String> columns = alias.isEmpty() ? columns(value) : List.of(alias);
                items.add(new Item(value, alias, columns, scope.resolve(value)));
            }
        }
    }

    List<Item> items() {
        return items;
    }

    static boolean isStar(Ast value) {
        return value.is("ColumnRef") && value.list("fields").getLast().star();
    }

    private @Nullable List<String> columns(Ast value) {
        if (value.is("A_Indirection") && value.list("indirection").getLast().star()) {
            return null;
        }
        return isStar(value) ? expand(value) : List.of(name(value));
    }

    private @Nullable List<String> expand(Ast star) {
        List<Relation> relations = starred(star);
        if (relations == null
                || (!scope.merged().isEmpty() && star.list("fields").size() == 1)) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (Relation relation : relations) {
            if (!relation.known()) {
                return null;
            }
            names.addAll(relation.visibleColumns());
        }
        return names;
    }

    /** The relations whose columns a star stands for; null when that cannot be told. */
    @Nullable
    List<Relation> starred(Ast star) {
        List<String> names = star.strings("fields");
        if (names.size() == 1) {
            return scope.relations();
        }
        String schema = names.size() == 3 ? names.getFirst() : "";
        Relation relation = scope.relation(schema, names.get(names.size() - 2));
        return relation == null ? null : List.of(relation);
    }

    /** Columns before item {@code index}; -1 when unknown. */
    int before(int index) {
        return width(0, index);
    }

    /** Columns from item {@code index} to the end; -1 when unknown. */
    int from(int index) {
        return width(index, items.size());
    }

    private int width(int start, int end) {
        int sum = 0;
        for (int i = start; i < end; i++) {
            List<String> columns = items.get(i).columns();
            if (columns == null) {
                return -1;
            }
            sum += columns.size();
        }
        return sum;
    }

    /** The column of a relation's that a star item makes at this place, if it is known. */
    Scope.@Nullable Found starColumn(Item item, int offset) {
        List<Relation> relations = starred(item.value());
        int left = offset;
        for (Relation relation : relations == null ? List.<Relation>of() : relations) {
            int size = relation.visibleColumns().size();
            if (left < size && relation.table() != null) {
                Column column = relation.table().columns().get(left);
                return new Scope.Found(relation, column);
            }
            left -= size;
        }
        return null;
    }

    private static String name(Ast value) {
        String found = figure(value);
        return found.isEmpty() ? UNNAMED : found;
    }

    private static String figure(Ast value) {
        return switch (value.kind()) {
            case "ColumnRef" -> value.strings("fields").getLast();
            case "FuncCall" -> Functions.name(value);
            case "A_Indirection" -> indirection(value);
            case "TypeCast" -> cast(value);
            case "CollateClause" -> argument(value, "arg");
            case "A_Expr" -> value.text("kind").equals("AEXPR_NULLIF") ? "nullif" : "";
            case "CaseExpr" -> {
                String found = argument(value, "defresult");
                yield found.isEmpty() ? "case" : found;
            }
            case "CoalesceExpr" -> "coalesce";
            case "MinMaxExpr" -> value.text("op").equals("IS_GREATEST") ? "greatest" : "least";
            case "A_ArrayExpr" -> "array";
            case "RowExpr" -> "row";
            case "GroupingFunc" -> "grouping";
            case "SubLink" -> sublink(value);
            case "SQLValueFunction" ->
                value.text("op")
                        .replaceFirst("^SVFOP_", "")
                        .replaceFirst("_N$", "")
                        .toLowerCase(Locale.ROOT);
            default -> "";
        };
    }

    private static String argument(Ast value, String field) {
        Ast argument = value.child(field);
        return argument == null ? "" : figure(argument);
    }

    private static String indirection(Ast value) {
        String last = value.list("indirection").getLast().string();
        return last.isEmpty() ? argument(value, "arg") : last;
    }

    /** A cast has its argument's name if that has one of its own, else the type's. */
    private static String cast(Ast value) {
        String found = argument(value, "arg");
        Ast type = value.child("typeName");
        return found.isEmpty() && type != null ? type.strings("names").getLast() : found;
    }

    private static String sublink(Ast value) {
        return switch (value.text("subLinkType")) {
            case "EXISTS_SUBLINK" -> "exists";
            case "ARRAY_SUBLINK" -> "array";
            case "EXPR_SUBLINK" -> {
                Ast select = value.child("subselect");
                List<Ast> targets = select == null ? List.of() : select.list("targetList");
                Ast first = targets.isEmpty() ? null : targets.getFirst().child("val");
                String alias = targets.isEmpty() ? "" : targets.getFirst().text("name");
                yield !alias.isEmpty() ? alias : first == null ? "" : figure(first);
            }
            default -> "";
        };
    }
}

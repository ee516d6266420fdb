package dev.pando.core.route;

import org.jspecify.annotations.Nullable;

/** Which parts of a SELECT look at more than one row at a time. */
final class Shapes {
    private Shapes() {}

    /** The first part, by name, that keeps a SELECT from treating each row by itself; null when it does. */
    static @Nullable String notRowByRow(Ast select, Planning planning) {
        if (!select.is("SelectStmt")) {
            return "a data-modifying statement";
        }
        if (!select.text("op").equals("SETOP_NONE")) {
            return "UNION, INTERSECT or EXCEPT";
        }
        if (select.has("distinctClause")) {
            return "DISTINCT";
        }
        if (select.has("limitCount") || select.has("limitOffset")) {
            return "LIMIT or OFFSET";
        }
        if (select.has("lockingClause")) {
            return "FOR UPDATE or FOR SHARE";
        }
        if (select.has("groupClause")) {
            return "GROUP BY";
        }
        String window = window(select);
        if (window != null) {
            return window;
        }
        return select.has("havingClause") || aggregates(select, planning) ? "an aggregate" : null;
    }

    static @Nullable String window(Ast select) {
        boolean[] over = new boolean[1];
        own(select, node -> over[0] |= node.is("FuncCall") && node.has("over"));
        return over[0] || select.has("windowClause") ? "a window function" : null;
    }

    /** Whether an aggregate of this level stands in what the level computes. */
    static boolean aggregates(Ast select, Planning planning) {
        boolean[] found = new boolean[1];
        own(select, node -> found[0] |= Functions.aggregate(node, planning.catalog));
        return found[0];
    }

    /** Visits a level's output, HAVING and ORDER BY without what is inside subqueries. */
    private static void own(Ast select, java.util.function.Consumer<Ast> visitor) {
        select.list("targetList").forEach(node -> level(node, visitor));
        select.list("sortClause").forEach(node -> level(node, visitor));
        select.list("distinctClause").forEach(node -> level(node, visitor));
        Ast having = select.child("havingClause");
        if (having != null) {
            level(having, visitor);
        }
    }

    /** Visits an expression without its subqueries. */
    static void level(Ast node, java.util.function.Consumer<Ast> visitor) {
        if (!node.is("SelectStmt")) {
            visitor.accept(node);
            node.eachChild(child -> level(child, visitor));
        }
    }
}

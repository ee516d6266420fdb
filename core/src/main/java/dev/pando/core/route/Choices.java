package dev.pando.core.route;

import dev.pando.core.topology.Catalog;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a query whose outcome is not settled by the rows it reads: PostgreSQL may choose, or rows lie elsewhere on another server. One
 * server chooses once. Several servers with equal tables may each choose differently, and then give together what no single one could.
 */
final class Choices {
    /** Aggregates that do not care for the order of their input. */
    private static final Set<String> ORDERLESS =
            Set.of("count", "sum", "min", "max", "avg", "bool_and", "bool_or", "every", "bit_and", "bit_or", "bit_xor");

    private static final Set<String> SYSTEM_COLUMNS = Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

    private Choices() {}

    /** The first such part in the node or below, by name; null when there is none. The clock is not counted. */
    static @Nullable String of(Ast node, Catalog catalog) {
        String random = Functions.random(node, catalog);
        return random != null ? random : find(node, found -> choice(found, catalog));
    }

    private static @Nullable String choice(Ast node, Catalog catalog) {
        if (node.has("limitCount") || node.has("limitOffset")) {
            return "LIMIT or OFFSET";
        }
        if (node.is("RangeTableSample")) {
            return "TABLESAMPLE";
        }
        List<Ast> distinct = node.list("distinctClause");
        if (!distinct.isEmpty() && !distinct.getFirst().kind().isEmpty()) {
            return "DISTINCT ON";
        }
        if (node.is("FuncCall") && node.has("over")) {
            return "a window function (" + Functions.name(node) + ")";
        }
        boolean ordered = node.has("agg_order") || node.flag("agg_within_group");
        boolean orderless = node.is("FuncCall") && Functions.builtIn(node) && ORDERLESS.contains(Functions.name(node));
        if (Functions.aggregate(node, catalog) && !ordered && !orderless) {
            return node.is("FuncCall") ? Functions.name(node) + "() without ORDER BY" : "a JSON aggregate";
        }
        return systemColumn(node);
    }

    private static @Nullable String systemColumn(Ast node) {
        List<String> names = node.is("ColumnRef") ? node.strings("fields") : List.of();
        return !names.isEmpty() && SYSTEM_COLUMNS.contains(names.getLast()) ? "system column " + names.getLast() : null;
    }

    /** A column that tells where a row lies on its server, as {@code ctid} does; null when none is named. */
    static @Nullable String place(Ast node) {
        return find(node, Choices::systemColumn);
    }

    private static @Nullable String find(Ast node, Function<Ast, @Nullable String> wanted) {
        String[] found = new String[1];
        node.walk(each -> {
            if (found[0] == null) {
                String name = wanted.apply(each);
                if (name != null) {
                    found[0] = name;
                }
            }
        });
        return found[0];
    }

    /** Whether a subquery names a column of the levels around it: then it is computed for each row, and may choose anew each time. */
    static boolean correlated(Block block) {
        boolean[] found = new boolean[1];
        block.node.eachChild(child -> Shapes.level(child, node -> {
            Scope.Found column = block.scope.resolve(node);
            found[0] |= column != null && !block.scope.relations().contains(column.relation());
        }));
        return found[0];
    }
}

package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a subselect is the same for each row of the table that its statement changes: no column in it may be that table's. A LIMIT bounds
 * nothing in one that is run anew for each row.
 */
final class Subselect {
    private static final String ROW = "ctid";

    private final Step step;
    /** What the statement calls the table it changes. */
    private final String alias;

    private final Set<String> columns;
    private final Map<String, Node> with = new HashMap<>();

    /** The tables and columns that names in a query may mean. */
    private record Scope(Set<String> tables, Set<String> columns) {
        Scope copy() {
            return new Scope(new HashSet<>(tables), new HashSet<>(columns));
        }
    }

    Subselect(Step step, String alias) {
        this.step = step;
        this.alias = alias;
        this.columns = new HashSet<>(step.meaning(step.relation()).columns());
        columns.add(ROW);
        if (step.node() != null) {
            with(step.node());
        }
    }

    private void with(Node query) {
        Node clause = query.child("withClause");
        if (clause != null) {
            clause.list("ctes").forEach(each -> with.put(each.text("ctename"), each));
        }
    }

    boolean alone(Node query) {
        return alone(query, new Scope(Set.of(), Set.of()));
    }

    private boolean alone(Node query, Scope outer) {
        with(query);
        Node left = query.child("larg");
        Node right = query.child("rarg");
        if (left != null && right != null) {
            Node clause = query.child("withClause");
            return (clause == null || inside(clause, outer, outer)) && alone(left, outer) && alone(right, outer);
        }
        Scope scope = outer.copy();
        query.list("fromClause").forEach(source -> add(source, scope));
        Scope sorted = scope.copy();
        sorted.columns.addAll(outputs(query));
        return query.children().stream().allMatch(part -> inside(part, part.is("SortBy") ? sorted : scope, outer));
    }

    private boolean inside(Node part, Scope scope, Scope outer) {
        return switch (part.tag()) {
            case "ColumnRef" -> known(part.names("fields"), scope);
            case "SelectStmt" -> alone(part, scope);
            case "RangeSubselect" -> {
                Node query = part.child("subquery");
                yield query != null
                        && alone(query, part.flag("lateral") ? new Scope(scope.tables, outer.columns) : outer);
            }
            case "WithClause" ->
                part.list("ctes").stream()
                        .map(each -> each.child("ctequery"))
                        .allMatch(query -> query != null && alone(query, outer));
            default -> part.children().stream().allMatch(child -> inside(child, scope, outer));
        };
    }

    private boolean known(List<String> name, Scope scope) {
        if (name.size() > 1) {
            String table = name.get(name.size() - 2);
            return !table.equals(alias) || scope.tables.contains(table);
        }
        boolean own = name.size() == 1
                && (columns.contains(name.getFirst()) || name.getFirst().equals(alias));
        return !own || scope.columns.contains(name.getFirst()) || scope.tables.contains(name.getFirst());
    }

    private void add(Node source, Scope scope) {
        if (source.is("JoinExpr")) {
            source.children().forEach(side -> add(side, scope));
        }
        scope.columns.addAll(columnsOf(source));
        Node given = source.child("alias");
        String name = given == null ? source.text("relname") : given.text("aliasname");
        if (!name.isEmpty()) {
            scope.tables.add(name);
        }
    }

    private Set<String> columnsOf(Node source) {
        Set<String> found = new HashSet<>();
        Node given = source.child("alias");
        if (given != null) {
            found.addAll(given.names("colnames"));
        }
        Node query = source.is("RangeSubselect") ? source.child("subquery") : null;
        if (source.is("RangeVar")) {
            Node expression = source.has("schemaname") ? null : with.get(source.text("relname"));
            query = expression == null ? null : expression.child("ctequery");
            if (expression == null) {
                found.addAll(step.meaning(source).columns());
                found.add(ROW);
            } else {
                found.addAll(expression.names("aliascolnames"));
            }
        }
        if (query != null) {
            found.addAll(outputs(query));
        }
        return found;
    }

    private Set<String> outputs(Node query) {
        Node left = query.child("larg");
        if (left != null) {
            return outputs(left);
        }
        Set<String> names = new HashSet<>();
        for (Node target : query.list("targetList")) {
            Node value = target.child("val");
            List<String> fields = value == null || !value.is("ColumnRef") ? List.of() : value.names("fields");
            if (target.has("name")) {
                names.add(target.text("name"));
            } else if (!fields.isEmpty()) {
                names.add(fields.getLast());
            } else if (value != null && value.is("ColumnRef")) {
                query.list("fromClause").forEach(source -> names.addAll(columnsOf(source)));
            }
        }
        return names;
    }
}

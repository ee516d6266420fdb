package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Meaning;
import dev.pando.lint.fact.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How many rows a statement changes, told from keys: by nothing else is a number of rows bounded. In doubt it is not. */
final class Bound {
    /** Rows that one statement may well change. */
    private static final long BATCH = 100_000;

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,17}");

    private final Step step;
    private final Node node;
    private final Meaning table;
    /** What the statement calls the table. */
    private final String alias;

    Bound(Step step, Node node) {
        this.step = step;
        this.node = node;
        Node relation = node.child("relation");
        this.table = step.meaning(relation);
        Node given = relation == null ? null : relation.child("alias");
        String name = relation == null ? "" : relation.text("relname");
        this.alias = given == null ? name : given.text("aliasname");
    }

    boolean byKey() {
        boolean unmatched = node.list("mergeWhenClauses").stream()
                .filter(when -> when.text("matchKind").equals("MERGE_WHEN_NOT_MATCHED_BY_SOURCE"))
                .anyMatch(when -> !when.text("commandType").equals("CMD_NOTHING"));
        Node where = node.child(node.is("MergeStmt") ? "joinCondition" : "whereClause");
        if (where == null || unmatched) {
            return false;
        }
        if (where.is("CurrentOfExpr")) {
            return true;
        }
        List<Node> conditions = conjuncts(where);
        Set<String> fixed = new HashSet<>();
        for (Node condition : conditions) {
            fixed.addAll(fixed(condition));
        }
        return fixed.contains("ctid")
                || table.keys().stream().anyMatch(fixed::containsAll)
                || table.keys().stream()
                        .filter(key -> key.size() == 1)
                        .anyMatch(key -> between(key.iterator().next(), conditions));
    }

    private static List<Node> conjuncts(Node where) {
        boolean and = where.is("BoolExpr") && where.text("boolop").equals("AND_EXPR");
        return and
                ? where.list("args").stream()
                        .flatMap(part -> conjuncts(part).stream())
                        .toList()
                : List.of(where);
    }

    /** The columns that a condition lets have a few values only. */
    private Set<String> fixed(Node condition) {
        Set<String> columns = new HashSet<>();
        if (condition.is("A_Expr")) {
            Node left = condition.child("lexpr");
            Node right = condition.child("rexpr");
            switch (condition.text("kind")) {
                case "AEXPR_OP" -> {
                    if (operator(condition).equals("=")) {
                        equal(left, right, columns);
                        equal(right, left, columns);
                    }
                }
                case "AEXPR_IN" -> {
                    String column = column(left);
                    if (column != null
                            && operator(condition).equals("=")
                            && right(condition).stream().allMatch(this::oneValue)) {
                        columns.add(column);
                    }
                }
                case "AEXPR_OP_ANY" -> {
                    String column = column(left);
                    if (column != null && operator(condition).equals("=") && right != null && fewValues(right)) {
                        columns.add(column);
                    }
                }
                default -> {}
            }
        } else if (condition.is("SubLink") && condition.text("subLinkType").equals("ANY_SUBLINK")) {
            Node tested = condition.child("testexpr");
            Node query = condition.child("subselect");
            List<Node> parts =
                    tested == null ? List.of() : tested.is("RowExpr") ? tested.list("args") : List.of(tested);
            if (condition.list("operName").isEmpty() && query != null && fewRows(query)) {
                for (Node each : parts) {
                    String column = column(each);
                    if (column != null) {
                        columns.add(column);
                    }
                }
            }
        }
        return columns;
    }

    private void equal(@Nullable Node side, @Nullable Node other, Set<String> columns) {
        String column = column(side);
        if (column != null && other != null && (oneValue(other) || ofBatch(other))) {
            columns.add(column);
        }
    }

    private boolean fewValues(Node array) {
        if (array.is("A_ArrayExpr")) {
            return array.list("elements").stream().allMatch(this::oneValue);
        }
        Node query = array.is("SubLink") ? array.child("subselect") : null;
        return query == null ? given(array) && (constant(array) != null || varies(array)) : fewRows(query);
    }

    private boolean fewRows(Node query) {
        return (limited(query) || byBatch(query)) && new Subselect(step, alias).alone(query);
    }

    /** Given, or what a query says once for the statement. */
    private boolean oneValue(Node value) {
        Node query = value.is("SubLink") && value.text("subLinkType").equals("EXPR_SUBLINK")
                ? value.child("subselect")
                : null;
        return query == null ? given(value) : new Subselect(step, alias).alone(query);
    }

    private static @Nullable String constant(Node value) {
        Node inner = value.is("TypeCast") ? value.child("arg") : null;
        return inner == null ? value.constant() : constant(inner);
    }

    /** Both ends given, and no more than a batch apart where that can be told. */
    private boolean between(String key, List<Node> conditions) {
        List<Node> low = new ArrayList<>();
        List<Node> high = new ArrayList<>();
        for (Node condition : conditions) {
            Node left = condition.child("lexpr");
            Node right = condition.child("rexpr");
            if (condition.text("kind").equals("AEXPR_BETWEEN") && key.equals(column(left))) {
                low.add(right(condition).getFirst());
                high.add(right(condition).getLast());
            } else if (condition.text("kind").equals("AEXPR_OP") && right != null && key.equals(column(left))) {
                end(operator(condition), right, low, high);
            } else if (condition.text("kind").equals("AEXPR_OP") && left != null && key.equals(column(right))) {
                end(operator(condition), left, high, low);
            }
        }
        return low.stream().anyMatch(from -> high.stream().anyMatch(to -> near(key, from, to)));
    }

    private static void end(String operator, Node value, List<Node> low, List<Node> high) {
        switch (operator) {
            case ">", ">=" -> low.add(value);
            case "<", "<=" -> high.add(value);
            default -> {}
        }
    }

    private boolean near(String key, Node from, Node to) {
        if (!given(from) || !given(to)) {
            return false;
        }
        End low = end(from);
        End high = end(to);
        if (low == null || high == null || !low.variable.equals(high.variable)) {
            return varies(from) && varies(to) && !ofOneRow(from, to);
        }
        return table.whole().contains(key) && high.distance - low.distance <= BATCH;
    }

    /** Two columns of the row that a loop is at: they may be any distance apart. */
    private static boolean ofOneRow(Node from, Node to) {
        List<String> low = from.is("ColumnRef") ? from.names("fields") : List.of();
        List<String> high = to.is("ColumnRef") ? to.names("fields") : List.of();
        return low.size() == 2 && high.size() == 2 && low.getFirst().equals(high.getFirst());
    }

    /** An end of a range: a number, or so far from a variable. */
    private record End(String variable, long distance) {}

    private @Nullable End end(Node value) {
        String text = constant(value);
        if (text != null) {
            return WHOLE.matcher(text).matches() ? new End("", Long.parseLong(text)) : null;
        }
        if (value.is("ColumnRef")) {
            return new End(String.join(".", value.names("fields")), 0);
        }
        Node left = value.is("A_Expr") ? value.child("lexpr") : null;
        Node right = value.child("rexpr");
        End from = left == null ? null : end(left);
        End by = right == null ? null : end(right);
        if (from == null || by == null || !by.variable.isEmpty()) {
            return null;
        }
        return switch (operator(value)) {
            case "+" -> new End(from.variable, from.distance + by.distance);
            case "-" -> new End(from.variable, from.distance - by.distance);
            default -> null;
        };
    }

    /** Whether each pass of a loop gives it another value, so that it is as far from the other end as the loop's step. */
    private boolean varies(Node end) {
        Set<String> varying = step.variables().varying();
        return end.all("ColumnRef").stream()
                        .map(column -> column.names("fields"))
                        .anyMatch(name -> !name.isEmpty() && varying.contains(name.getFirst()))
                || end.all("ParamRef").stream().anyMatch(number -> varying.contains("$" + number.number("number")));
    }

    /** The values at the right side of IN and BETWEEN. */
    private static List<Node> right(Node condition) {
        Node list = condition.child("rexpr");
        return list == null ? condition.list("rexpr") : list.list("items");
    }

    private static String operator(Node expression) {
        List<String> name = expression.names("name");
        return name.size() == 1 || (name.size() == 2 && name.getFirst().equals("pg_catalog")) ? name.getLast() : "";
    }

    /** The column of the changed table that an expression is; null when it is anything else. */
    private @Nullable String column(@Nullable Node expression) {
        if (expression == null || !expression.is("ColumnRef")) {
            return null;
        }
        List<String> name = expression.names("fields");
        boolean own = name.size() == 1 || (name.size() == 2 && name.getFirst().equals(alias));
        return own ? name.getLast() : null;
    }

    /** A value that the statement has, or a variable of the code around it. */
    private boolean given(Node value) {
        return switch (value.tag()) {
            case "A_Const", "ParamRef" -> true;
            case "TypeCast" -> value.child("arg") != null && given(value.child("arg"));
            case "ColumnRef" -> variable(value);
            case "A_Expr" ->
                Stream.of("lexpr", "rexpr").map(value::child).allMatch(side -> side == null || given(side));
            default -> false;
        };
    }

    /** A variable of the code around, or a name that no table of the statement has: only code has such. */
    private boolean variable(Node column) {
        List<String> name = column.names("fields");
        if (name.isEmpty()
                || name.getFirst().equals(alias)
                || (name.size() == 1
                        && (name.getFirst().equals("ctid") || table.columns().contains(name.getFirst())))) {
            return false;
        }
        boolean known = step.variables().all().contains(name.getFirst());
        return sources().findAny().isEmpty()
                ? known || name.size() == 1
                : known && sources().noneMatch(source -> named(source, name.getFirst()));
    }

    /** A column of a subselect, WITH query or VALUES that has few rows. */
    private boolean ofBatch(Node other) {
        List<String> name = other.is("ColumnRef") ? other.names("fields") : List.of();
        return name.size() == 2 && sources().anyMatch(source -> named(source, name.getFirst()) && few(source));
    }

    private Stream<Node> sources() {
        Node source = node.child("sourceRelation");
        return Stream.of(
                        node.list("fromClause"),
                        node.list("usingClause"),
                        source == null ? List.<Node>of() : List.of(source))
                .flatMap(List::stream);
    }

    private static boolean named(Node source, String name) {
        Node alias = source.child("alias");
        return alias == null
                ? source.text("relname").equals(name)
                : alias.text("aliasname").equals(name);
    }

    private boolean few(Node source) {
        if (source.is("RangeSubselect")) {
            Node query = source.child("subquery");
            return query != null && (query.has("valuesLists") || limited(query));
        }
        return source.is("RangeVar") && !source.has("schemaname") && with(source.text("relname"));
    }

    private boolean with(String name) {
        Node with = node.child("withClause");
        Predicate<Node> few = query -> query.has("valuesLists") || limited(query);
        return with != null
                && with.list("ctes").stream()
                        .filter(expression -> expression.text("ctename").equals(name))
                        .map(expression -> expression.child("ctequery"))
                        .anyMatch(query -> query != null && few.test(query));
    }

    /** A query of nothing but a WITH query that has few rows. */
    private boolean byBatch(Node query) {
        List<Node> from = query.list("fromClause");
        return from.size() == 1
                && few(from.getFirst())
                && query.list("targetList").stream()
                        .map(target -> target.child("val"))
                        .allMatch(value -> value != null && value.is("ColumnRef"));
    }

    private boolean limited(Node query) {
        return limited(step, query);
    }

    /** Whether its LIMIT is a batch. */
    static boolean limited(Step step, Node query) {
        Node limit = query.child("limitCount");
        if (limit == null || query.text("limitOption").equals("LIMIT_OPTION_WITH_TIES")) {
            return false;
        }
        String count = limit.constant();
        return limit.is("A_Const")
                ? count != null && count.matches("\\d{1,9}") && Long.parseLong(count) <= BATCH
                : step.variables().loop() && (limit.is("ColumnRef") || limit.is("ParamRef"));
    }
}

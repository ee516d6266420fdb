package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Meaning;
import dev.pando.lint.fact.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How many rows a statement changes, told from keys: by nothing else is a number of rows bounded. */
final class Dml {
    /** Rows that one statement may well change. */
    private static final long BATCH = 100_000;

    /** Below this size a whole table is a batch. */
    private static final long SMALL_BYTES = 5_000_000;

    private static final Set<String> TAGS = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");

    private final Node node;
    private final Meaning table;
    /** What the statement calls the table. */
    private final String alias;

    private Dml(Node node, Node relation, Meaning table) {
        this.node = node;
        this.table = table;
        Node given = relation.child("alias");
        this.alias = given == null ? relation.text("relname") : given.text("aliasname");
    }

    static boolean is(Step step) {
        Node node = step.node();
        return node != null && (TAGS.contains(node.tag()) || node.is("CopyStmt"));
    }

    /** Whether it may take long: rows of a query or a file, or more than a batch of rows of a table that others use. */
    static boolean large(Step step) {
        Node node = step.node();
        if (node == null) {
            return false;
        }
        return switch (node.tag()) {
            case "CopyStmt" -> node.flag("is_from");
            case "InsertStmt" -> loads(node, step);
            default -> step.existed(step.relation()) && !bounded(step);
        };
    }

    private static boolean loads(Node insert, Step step) {
        Node select = insert.child("selectStmt");
        return select != null
                && !limited(select)
                && (!select.all("RangeFunction").isEmpty()
                        || select.all("RangeVar").stream()
                                .anyMatch(range -> step.meaning(range).oid() != 0));
    }

    /** Whether a key, or the size of the table, bounds the number of rows. */
    static boolean bounded(Step step) {
        Node node = step.node();
        Node relation = step.relation();
        if (node == null || relation == null) {
            return false;
        }
        Meaning table = step.meaning(relation);
        if (table.bytes().isPresent() && table.bytes().getAsLong() < SMALL_BYTES) {
            return true;
        }
        return new Dml(node, relation, table).byKey();
    }

    private boolean byKey() {
        boolean unmatched = node.list("mergeWhenClauses").stream()
                .anyMatch(when -> when.text("matchKind").equals("MERGE_WHEN_NOT_MATCHED_BY_SOURCE"));
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
                            && right(condition).stream().allMatch(this::given)) {
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
            String column = column(tested);
            if (column != null
                    && condition.list("operName").isEmpty()
                    && query != null
                    && (limited(query) || byBatch(query))) {
                columns.add(column);
            }
        }
        return columns;
    }

    private void equal(@Nullable Node side, @Nullable Node other, Set<String> columns) {
        String column = column(side);
        if (column != null && other != null && (given(other) || ofBatch(other))) {
            columns.add(column);
        }
    }

    private boolean fewValues(Node array) {
        if (array.is("A_ArrayExpr")) {
            return array.list("elements").stream().allMatch(this::given);
        }
        Node query = array.is("SubLink") ? array.child("subselect") : null;
        return query == null ? given(array) : limited(query) || byBatch(query);
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
        return low.stream().anyMatch(from -> high.stream().anyMatch(to -> near(from, to)));
    }

    private static void end(String operator, Node value, List<Node> low, List<Node> high) {
        switch (operator) {
            case ">", ">=" -> low.add(value);
            case "<", "<=" -> high.add(value);
            default -> {}
        }
    }

    private boolean near(Node from, Node to) {
        if (!given(from) || !given(to)) {
            return false;
        }
        String low = from.constant();
        String high = to.constant();
        if (low == null || high == null) {
            return varies(from) && varies(to);
        }
        return low.matches("-?\\d{1,18}")
                && high.matches("-?\\d{1,18}")
                && Long.parseLong(high) - Long.parseLong(low) <= BATCH;
    }

    /** Whether a loop gives it, so that it is as far from the other end as the loop's step. */
    private static boolean varies(Node end) {
        return !end.all("ColumnRef").isEmpty() || !end.all("ParamRef").isEmpty();
    }

    /** The values at the right side of IN and BETWEEN. */
    private static List<Node> right(Node condition) {
        Node list = condition.child("rexpr");
        return list == null ? condition.list("rexpr") : list.list("items");
    }

    private static String operator(Node expression) {
        List<String> name = expression.names("name");
        return name.isEmpty() ? "" : name.getLast();
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

    /** A name that no table of the statement has; only code has such. */
    private boolean variable(Node column) {
        List<String> name = column.names("fields");
        return name.size() == 1
                && sources().findAny().isEmpty()
                && !table.columns().contains(name.getFirst());
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
        return from.size() == 1 && few(from.getFirst());
    }

    private static boolean limited(Node query) {
        Node limit = query.child("limitCount");
        if (limit == null || query.text("limitOption").equals("LIMIT_OPTION_WITH_TIES")) {
            return false;
        }
        String count = limit.constant();
        return limit.is("A_Const")
                ? count != null && count.matches("\\d{1,9}") && Long.parseLong(count) <= BATCH
                : limit.is("ColumnRef") || limit.is("ParamRef");
    }
}

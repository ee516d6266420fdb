package dev.pando.core.route;

import dev.pando.base.sql.Splice;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.merge.MergeSpec.Grouping;
import dev.pando.core.merge.MergeSpec.Output;
import dev.pando.core.merge.MergeSpec.SortKey;
import dev.pando.core.merge.MergeSpec.TextOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GROUP BY, aggregates and DISTINCT whose rows are on several shards: each shard computes its part of every group, the parts are combined.
 * Aggregates that have no such parts are refused by name.
 */
final class Regroup {
    enum Kind {
        /** Every group is on one shard, or there are none. */
        ROWS,
        GROUPS,
        DISTINCT
    }

    private static final Set<String> SPLITTABLE =
            Set.of("count", "sum", "min", "max", "avg", "bool_and", "bool_or", "every");

    private final Scatter scatter;
    private final Planning planning;
    private final Block block;
    private final Ast select;
    private final List<Targets.Item> items;
    private final List<Output> outputs = new ArrayList<>();
    private final List<Integer> keys = new ArrayList<>();
    private final List<Ast> keyExpressions = new ArrayList<>();
    private final List<Scope.@Nullable Found> keyColumns = new ArrayList<>();
    private final List<TextOrder> orders = new ArrayList<>();

    Regroup(Scatter scatter, Planning planning, Block block) {
        this.scatter = scatter;
        this.planning = planning;
        this.block = block;
        this.select = block.node;
        this.items = scatter.targets.items();
    }

    Kind kind() {
        refuseWindows();
        boolean grouped =
                select.has("groupClause") || select.has("havingClause") || Shapes.aggregates(select, planning);
        List<Ast> distinct = select.list("distinctClause");
        if (grouped) {
            boolean onOneShard = !select.list("groupClause").isEmpty() && scatter.keyed.coveredBy(groupColumns());
            if (!onOneShard && !distinct.isEmpty()) {
                throw Refused.shape("DISTINCT over aggregates");
            }
            if (!onOneShard) {
                return Kind.GROUPS;
            }
        }
        if (distinct.isEmpty()) {
            return Kind.ROWS;
        }
        boolean on = distinctOn(select);
        if (on && !scatter.keyed.coveredBy(distinct)) {
            throw Refused.shape("DISTINCT ON");
        }
        return on || selectsKey() ? Kind.ROWS : Kind.DISTINCT;
    }

    static boolean distinctOn(Ast select) {
        List<Ast> distinct = select.list("distinctClause");
        return !distinct.isEmpty() && !distinct.getFirst().kind().isEmpty();
    }

    private void refuseWindows() {
        select.list("targetList").forEach(this::refuseWindow);
        select.list("sortClause").forEach(this::refuseWindow);
    }

    private void refuseWindow(Ast expression) {
        Shapes.level(expression, node -> {
            Ast over = node.is("FuncCall") ? node.child("over") : null;
            boolean named = over != null && (over.has("name") || over.has("refname"));
            if (over != null && (named || !scatter.keyed.coveredBy(over.list("partitionClause")))) {
                throw Refused.shape(
                        "a window function (" + Functions.name(node) + ") whose PARTITION BY lacks the key");
            }
        });
    }

    /** What GROUP BY names, with ordinals and output names resolved. */
    private List<Ast> groupColumns() {
        return select.list("groupClause").stream().map(this::groupExpression).toList();
    }

    private Ast groupExpression(Ast node) {
        if (node.is("GroupingSet")) {
            throw Refused.shape("GROUPING SETS, ROLLUP or CUBE");
        }
        if (node.is("A_Const")) {
            planning.literalMatters();
            int index = Scatter.ordinalOf(node) - 1;
            if (index < 0 || index >= items.size() || items.stream().anyMatch(Targets.Item::starred)) {
                throw Refused.shape("GROUP BY an ordinal behind *");
            }
            return items.get(index).value();
        }
        List<String> names = node.is("ColumnRef") ? node.strings("fields") : List.of();
        if (names.size() != 1 || block.scope.resolve(node) != null) {
            return node;
        }
        List<Ast> aliased = items.stream()
                .filter(item -> item.alias().equals(names.getFirst()))
                .map(Targets.Item::value)
                .toList();
        if (aliased.isEmpty()) {
            return node;
        }
        if (block.scope.relations().stream().anyMatch(relation -> !relation.known())) {
            throw Refused.shape("GROUP BY a name that may be a column's or an output's");
        }
        return aliased.getFirst();
    }

    private boolean selectsKey() {
        boolean starred = items.stream()
                .anyMatch(item ->
                        Targets.isStar(item.value()) && scatter.keyed.coveredByStar(scatter.targets, item.value()));
        return starred
                || scatter.keyed.coveredBy(
                        items.stream().map(Targets.Item::value).toList());
    }

    MergeSpec spec(Kind kind, Limits limits) {
        if (select.has("havingClause")) {
            throw Refused.shape("HAVING");
        }
        if (items.stream().anyMatch(Targets.Item::starred)) {
            throw Refused.shape(kind == Kind.DISTINCT ? "SELECT DISTINCT *" : "* with GROUP BY");
        }
        if (kind == Kind.DISTINCT) {
            for (int i = 0; i < items.size(); i++) {
                scatter.refuseClock(items.get(i).value(), "DISTINCT");
                requireDeterministic(items.get(i).value());
                keys.add(i);
                outputs.add(new Output.Key(i));
                orders.add(scatter.textOrders.of(items.get(i).value()));
            }
        } else {
            groupKeys();
            for (int i = 0; i < items.size(); i++) {
                output(items.get(i), i);
            }
        }
        List<SortKey> order = order(kind);
        boolean tail = kind == Kind.GROUPS && (!order.isEmpty() || !limits.none());
        if (tail) {
            scatter.replaceTail("", true);
        } else if (limits.offset() != null) {
            scatter.replaceTail(limits.forShards(planning.source), false);
        }
        int hiddenOutputs = outputs.size() - items.size();
        Grouping grouping = new Grouping(keys, outputs, hiddenOutputs);
        return new MergeSpec(scatter.hiddenColumns(), order, limits.limit(), limits.offset(), grouping);
    }

    private void groupKeys() {
        List<Ast> written = select.list("groupClause");
        for (int i = 0; i < written.size(); i++) {
            Ast expression = groupExpression(written.get(i));
            scatter.refuseClock(expression, "GROUP BY");
            requireDeterministic(expression);
            int match = scatter.match(expression);
            keys.add(
                    match >= 0
                            ? match
                            : hidden(scatter.clauses().groupExpressions().get(i)));
            keyExpressions.add(expression);
            keyColumns.add(block.scope.resolve(expression));
        }
    }

    /** Groups of different shards are put together where their bytes are equal, so nothing else may be equal. */
    private void requireDeterministic(Ast expression) {
        if (!scatter.textOrders.deterministic(expression)) {
            throw Refused.shape("DISTINCT or GROUP BY under a collation that may call different texts equal");
        }
    }

    /** A hidden column's place in the shard's row: no star is there, so every item is one column. */
    private int hidden(String expression) {
        return items.size() + scatter.hide(expression);
    }

    private void output(Targets.Item item, int index) {
        Ast value = item.value();
        int key = key(value);
        if (key >= 0 || constant(value)) {
            outputs.add(new Output.Key(key >= 0 ? keys.get(key) : index));
            orders.add(scatter.textOrders.of(value));
        } else if (Functions.aggregate(value, planning.catalog)) {
            outputs.add(aggregate(value, index, item.alias().isEmpty()));
            orders.add(argumentOrder(value));
        } else {
            throw Refused.shape(unsplittable(value));
        }
    }

    /** Which group key computes the expression, or -1. */
    private int key(Ast expression) {
        Scope.Found column = block.scope.resolve(expression);
        for (int i = 0; i < keyExpressions.size(); i++) {
            Scope.Found other = keyColumns.get(i);
            boolean same = (column != null && other != null)
                    ? column.id().equals(other.id())
                    : scatter.same(expression, keyExpressions.get(i));
            if (same) {
                return i;
            }
        }
        return -1;
    }

    private boolean constant(Ast value) {
        return Constant.of(value, planning.source) != null;
    }

    private String unsplittable(Ast value) {
        boolean[] aggregate = new boolean[1];
        Shapes.level(value, node -> aggregate[0] |= Functions.aggregate(node, planning.catalog));
        return aggregate[0]
                ? "an expression over aggregates"
                : "an output column that is no aggregate and no GROUP BY item";
    }

    private Output aggregate(Ast call, int column, boolean unnamed) {
        String name = requireSplittable(call);
        if (!name.equals("avg")) {
            return output(name, call, column);
        }
        Span span = span(call);
        scatter.edit(new Splice.Edit(span.start, span.arguments, "sum"));
        if (unnamed) {
            scatter.edit(new Splice.Edit(span.end, span.end, " AS avg"));
        }
        return new Output.Avg(column, hidden("count" + planning.source.text(span.arguments, span.end)));
    }

    /** An aggregate that only ORDER BY needs. */
    private Output hiddenAggregate(Ast call) {
        String name = requireSplittable(call);
        Span span = span(call);
        String rest = planning.source.text(span.arguments, span.end);
        if (name.equals("avg")) {
            return new Output.Avg(hidden("sum" + rest), hidden("count" + rest));
        }
        return output(name, call, hidden(planning.source.text(span.start, span.end)));
    }

    private Output output(String name, Ast call, int column) {
        return switch (name) {
            case "count" -> new Output.Count(column);
            case "sum" -> new Output.Sum(column);
            case "min" -> new Output.Min(column, argumentOrder(call));
            case "max" -> new Output.Max(column, argumentOrder(call));
            case "bool_or" -> new Output.BoolOr(column);
            default -> new Output.BoolAnd(column);
        };
    }

    private TextOrder argumentOrder(Ast call) {
        List<Ast> arguments = call.list("args");
        return arguments.isEmpty() ? TextOrder.BYTES : scatter.textOrders.of(arguments.getFirst());
    }

    private String requireSplittable(Ast call) {
        String name = call.is("FuncCall") ? Functions.name(call) : "json_agg";
        boolean known = call.is("FuncCall")
                && Functions.builtIn(call)
                && SPLITTABLE.contains(name)
                && !planning.catalog.aggregates().contains(name);
        if (!known) {
            throw Refused.shape("the aggregate " + name + "()");
        }
        if (call.has("agg_order")
                || call.flag("func_variadic")
                || call.list("args").size() > 1) {
            throw Refused.shape(name + "() with ORDER BY or several arguments");
        }
        boolean sameAnyway =
                name.equals("min") || name.equals("max") || name.startsWith("bool") || name.equals("every");
        if (call.flag("agg_distinct") && !sameAnyway && !scatter.keyed.coveredBy(call.list("args"))) {
            throw Refused.shape(name + "(DISTINCT …) of something other than the key");
        }
        return name;
    }

    /**
     * Where an aggregate's call lies in the text.
     *
     * @param arguments its opening parenthesis
     * @param end after its FILTER, if it has one
     */
    private record Span(int start, int arguments, int end) {}

    private Span span(Ast call) {
        planning.literalMatters();
        Source source = planning.source;
        int start = call.location();
        SqlLexer lexer = source.lexerAt(start);
        Token token = lexer.next();
        while (token != Token.PUNCTUATION || lexer.first() != '(') {
            token = lexer.next();
        }
        int open = start + lexer.start();
        int end = source.closing(open);
        if (call.has("agg_filter")) {
            SqlLexer filter = source.lexerAt(end);
            filter.next();
            filter.next();
            end = source.closing(end + filter.start());
        }
        return new Span(start, open, end);
    }

    private List<SortKey> order(Kind kind) {
        List<SortKey> order = new ArrayList<>();
        List<Ast> sort = select.list("sortClause");
        for (int i = 0; i < sort.size(); i++) {
            Ast node = java.util.Objects.requireNonNull(sort.get(i).child("node"));
            int column = sortColumn(node, kind);
            order.add(Scatter.key(sort.get(i), column, orders.get(column)));
        }
        return order;
    }

    /** The output an ORDER BY item means, made if need be. */
    private int sortColumn(Ast node, Kind kind) {
        if (node.is("A_Const")) {
            planning.literalMatters();
            int number = Scatter.ordinalOf(node);
            if (number < 1 || number > items.size()) {
                throw Refused.shape("ORDER BY an ordinal that does not exist");
            }
            return number - 1;
        }
        List<String> names = node.is("ColumnRef") ? node.strings("fields") : List.of();
        for (int i = 0; names.size() == 1 && i < items.size(); i++) {
            if (items.get(i).name().equals(names.getFirst())) {
                return i;
            }
        }
        int match = scatter.match(node);
        if (match >= 0) {
            return match;
        }
        if (kind == Kind.DISTINCT) {
            throw Refused.shape("SELECT DISTINCT ordered by what it does not select");
        }
        int key = key(node);
        if (key >= 0) {
            outputs.add(new Output.Key(keys.get(key)));
            orders.add(scatter.textOrders.of(node));
        } else if (Functions.aggregate(node, planning.catalog)) {
            outputs.add(hiddenAggregate(node));
            orders.add(argumentOrder(node));
        } else {
            throw Refused.shape("ORDER BY an expression over aggregates");
        }
        return outputs.size() - 1;
    }
}

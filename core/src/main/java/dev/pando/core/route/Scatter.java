package dev.pando.core.route;

import dev.pando.base.sql.Quote;
import dev.pando.base.sql.Splice;
import dev.pando.core.merge.HiddenName;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.merge.MergeSpec.SortKey;
import dev.pando.core.merge.MergeSpec.TextOrder;
import dev.pando.core.route.Block.Spread;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT that runs on several shards: how their rows are merged, and the text they get. What it does not know how to merge exactly it
 * refuses.
 *
 * <p>There are two ways. If all rows that the level looks at together (a group, a window, duplicates) live on one shard, rows are merged as
 * they come: {@link #rows}. Otherwise they are grouped again: {@link Regroup}.
 */
final class Scatter {
    private final Planning planning;
    private final Block block;
    private final Ast select;
    final Targets targets;
    final Keyed keyed;
    final TextOrders textOrders;
    private final List<String> hidden = new ArrayList<>();
    private final Map<Integer, String> shownAs = new HashMap<>();
    private final List<Splice.Edit> edits = new ArrayList<>();
    private @Nullable Clauses clauses;

    Scatter(Planning planning, Block block, Spread.ByKey spread) {
        this.planning = planning;
        this.block = block;
        this.select = block.node;
        this.targets = new Targets(select, block.scope);
        this.keyed = new Keyed(block, spread.leaves());
        this.textOrders = new TextOrders(block.scope, planning.catalog);
    }

    Across plan() {
        if (select.has("intoClause")) {
            throw Refused.shape("SELECT INTO from a sharded table");
        }
        if (select.has("lockingClause")) {
            throw Refused.shape("FOR UPDATE or FOR SHARE");
        }
        Ast from = select.list("fromClause").isEmpty() ? null : select;
        if (from == null) {
            throw Refused.shape("a SELECT without FROM over sharded tables");
        }
        Limits limits = Limits.of(select, planning.source);
        Regroup.Kind kind = new Regroup(this, planning, block).kind();
        MergeSpec spec =
                kind == Regroup.Kind.ROWS ? rows(limits) : new Regroup(this, planning, block).spec(kind, limits);
        return new Across.Merge(spec, shardSql());
    }

    private MergeSpec rows(Limits limits) {
        List<SortPlace> places = new ArrayList<>();
        List<Ast> sort = select.list("sortClause");
        for (int i = 0; i < sort.size(); i++) {
            places.add(place(sort.get(i), i));
        }
        if (limits.offset() != null) {
            replaceTail(limits.forShards(planning.source), false);
        }
        List<SortKey> keys = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            keys.add(key(
                    sort.get(i),
                    places.get(i).column(hidden.size()),
                    places.get(i).text()));
        }
        boolean nothing = keys.isEmpty() && limits.none();
        return nothing && hidden.isEmpty()
                ? MergeSpec.CONCATENATE
                : new MergeSpec(hidden.size(), keys, limits.limit(), limits.offset(), null);
    }

    static SortKey key(Ast sort, int column, TextOrder text) {
        boolean descending = sort.text("sortby_dir").equals("SORTBY_DESC");
        if (sort.text("sortby_dir").equals("SORTBY_USING")) {
            throw Refused.shape("ORDER BY … USING");
        }
        boolean nullsFirst = switch (sort.text("sortby_nulls")) {
            case "SORTBY_NULLS_FIRST" -> true;
            case "SORTBY_NULLS_LAST" -> false;
            default -> descending;
        };
        return new SortKey(column, descending, nullsFirst, text);
    }

    /**
     * Where a sort key stands in the shard's row.
     *
     * @param fromStart position, or -1
     * @param fromEnd how many visible columns from it to the last, or -1
     * @param hiddenIndex which hidden column it is, or -1
     */
    private record SortPlace(int fromStart, int fromEnd, int hiddenIndex, TextOrder text) {
        int column(int hiddenColumns) {
            if (hiddenIndex >= 0) {
                return hiddenIndex - hiddenColumns;
            }
            return fromStart >= 0 ? fromStart : -fromEnd - hiddenColumns;
        }
    }

    private SortPlace place(Ast sort, int index) {
        Ast node = java.util.Objects.requireNonNull(sort.child("node"));
        if (node.is("A_Const")) {
            planning.literalMatters();
            return ordinal(ordinalOf(node));
        }
        List<String> names = node.is("ColumnRef") ? node.strings("fields") : List.of();
        if (names.size() == 1 && !names.getFirst().isEmpty()) {
            SortPlace output = output(names.getFirst());
            if (output != null) {
                return output;
            }
        }
        int match = match(node);
        SortPlace matched = match < 0 ? null : visible(match, textOrders.of(node));
        if (matched != null) {
            return matched;
        }
        if (select.has("distinctClause") && !Regroup.distinctOn(select)) {
            throw Refused.shape("SELECT DISTINCT ordered by what it does not select");
        }
        refuseClock(node, "ORDER BY");
        TextOrder order = textOrders.of(node);
        String expression = clauses().sortExpressions().get(index);
        if (order == TextOrder.UNKNOWN) {
            shownAs.put(hidden.size(), expression);
        }
        return new SortPlace(-1, -1, hide(expression), order);
    }

    static int ordinalOf(Ast constant) {
        Ast value = constant.child("ival");
        if (value == null) {
            throw Refused.shape("ORDER BY or GROUP BY a constant");
        }
        return value.number("ival");
    }

    private SortPlace ordinal(int number) {
        int before = 0;
        for (int i = 0; i < targets.items().size(); i++) {
            Targets.Item item = targets.items().get(i);
            if (item.columns() == null) {
                break;
            }
            int size = item.columns().size();
            if (number > before && number <= before + size) {
                refuseClock(item.value(), "ORDER BY");
                return new SortPlace(number - 1, -1, -1, itemOrder(item, number - 1 - before));
            }
            before += size;
        }
        throw Refused.shape("ORDER BY an ordinal behind *");
    }

    private TextOrder itemOrder(Targets.Item item, int offset) {
        if (!Targets.isStar(item.value())) {
            return textOrders.of(item.value());
        }
        Scope.Found column = targets.starColumn(item, offset);
        return column == null ? TextOrder.UNKNOWN : TextOrders.of(column);
    }

    /** The output column of that name: it goes before an input column. */
    private @Nullable SortPlace output(String name) {
        for (int i = 0; i < targets.items().size(); i++) {
            Targets.Item item = targets.items().get(i);
            int offset = item.columns() == null ? -1 : item.columns().indexOf(name);
            if (offset >= 0 && Targets.isStar(item.value()) && item.alias().isEmpty()) {
                int before = targets.before(i);
                if (before >= 0) {
                    return new SortPlace(before + offset, -1, -1, itemOrder(item, offset));
                }
            } else if (offset == 0) {
                return visible(i, textOrders.of(item.value()));
            }
        }
        return null;
    }

    /** The shards' clocks differ a little, and so would what is computed from them for equal rows. */
    void refuseClock(Ast expression, String clause) {
        String clock = Functions.clock(expression, planning.catalog);
        if (clock != null) {
            throw Refused.shape(clause + " over " + clock);
        }
    }

    private @Nullable SortPlace visible(int index, TextOrder text) {
        refuseClock(targets.items().get(index).value(), "ORDER BY");
        int before = targets.before(index);
        int from = targets.from(index);
        if (before >= 0) {
            return new SortPlace(before, -1, -1, text);
        }
        return from >= 0 ? new SortPlace(-1, from, -1, text) : null;
    }

    /** The item that computes the same as the expression, or -1. */
    int match(Ast expression) {
        Scope.Found column = block.scope.resolve(expression);
        for (int i = 0; i < targets.items().size(); i++) {
            Targets.Item item = targets.items().get(i);
            Scope.Found other = item.column();
            if ((column != null && other != null) ? column.id().equals(other.id()) : same(expression, item.value())) {
                return i;
            }
        }
        return -1;
    }

    /** Whether both compute the same; if they hold literals, only this text can tell. */
    boolean same(Ast one, Ast other) {
        if (one.holdsLiteral() && other.holdsLiteral()) {
            planning.literalMatters();
        }
        return one.sameAs(other);
    }

    /** Adds a hidden column, and answers which one it is. */
    int hide(String expression) {
        hidden.add(expression);
        return hidden.size() - 1;
    }

    int hiddenColumns() {
        return hidden.size();
    }

    void edit(Splice.Edit edit) {
        edits.add(edit);
    }

    Clauses clauses() {
        if (clauses == null) {
            clauses = new Clauses(planning.source);
        }
        return clauses;
    }

    /** Replaces LIMIT, OFFSET and FETCH, and ORDER BY too if wanted. */
    void replaceTail(String replacement, boolean orderToo) {
        int start = clauses().end();
        for (Clauses.Clause clause :
                List.of(Clauses.Clause.ORDER, Clauses.Clause.LIMIT, Clauses.Clause.OFFSET, Clauses.Clause.FETCH)) {
            if (clauses().has(clause) && (orderToo || clause != Clauses.Clause.ORDER)) {
                start = Math.min(start, clauses().start(clause));
            }
        }
        if (start == clauses().end()) {
            throw Refused.shape("a SELECT in parentheses");
        }
        edits.add(new Splice.Edit(start, clauses().end(), replacement));
    }

    /** A name no column of the client's has; with the expression in it where the merge may have to name it. */
    private String name(int index) {
        String expression = shownAs.get(index);
        String name = "pando_" + (index + 1);
        return expression == null ? name : Quote.identifier(HiddenName.of(name, expression));
    }

    private @Nullable String shardSql() {
        if (!hidden.isEmpty()) {
            StringBuilder columns = new StringBuilder();
            for (int i = 0; i < hidden.size(); i++) {
                columns.append(", ").append(hidden.get(i)).append(" AS ").append(name(i));
            }
            int from = clauses().start(Clauses.Clause.FROM);
            int comma = targets.items().isEmpty() ? 2 : 0;
            edits.add(new Splice.Edit(from, from, columns.substring(comma) + " "));
        }
        if (edits.isEmpty()) {
            return null;
        }
        planning.literalMatters();
        Source source = planning.source;
        List<Splice.Edit> shifted = edits.stream()
                .sorted(Comparator.comparingInt(Splice.Edit::start))
                .map(edit ->
                        new Splice.Edit(edit.start() - source.begin(), edit.end() - source.begin(), edit.replacement()))
                .toList();
        byte[] text = Splice.apply(source.sql(), source.begin(), source.sql().length - source.begin(), shifted);
        return new String(text, StandardCharsets.UTF_8);
    }
}

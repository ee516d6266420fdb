package dev.pando.core.route;

import dev.pando.core.route.Block.Role;
import dev.pando.core.route.Block.Spread;
import dev.pando.core.topology.Placement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT … SELECT into a sharded table: on one shard when every key is known, or on each shard by itself when every row keeps the key, and so
 * the shard, of the row it comes from.
 */
final class InsertSelect {
    private static final String SHAPE = "INSERT … SELECT whose rows may belong to another shard";

    private final Planning planning;

    InsertSelect(Planning planning, InsertPlanner inserts) {
        this.planning = planning;
    }

    Placed place(Ast insert, Block top, Placement.Sharded placement, Locator locator) {
        Block source = top.inner.stream()
                .filter(block -> block.role == Role.INSERT_SOURCE)
                .findFirst()
                .orElseThrow(() -> Refused.shape(SHAPE));
        if (!source.node.is("SelectStmt") || !source.node.text("op").equals("SETOP_NONE")) {
            throw Refused.shape(SHAPE);
        }
        List<Ast> keys = keys(insert, top.scope.relations().getFirst(), placement, source);
        Placed everywhere = keepsKey(keys, placement, source, locator);
        if (everywhere != null) {
            return everywhere;
        }
        List<List<ValueSource>> columns = new ArrayList<>();
        String table = top.scope.relations().getFirst().name();
        boolean stored = keys.stream().allMatch(key -> Constant.of(key, planning.source) != null);
        for (int i = 0; i < keys.size(); i++) {
            List<ValueSource> values = values(keys.get(i), source, placement, i);
            if (values == null) {
                throw Refused.shape(SHAPE);
            }
            columns.add(values);
        }
        Target.ByKey own = new Target.ByKey(List.of(new Target.KeySet(table, placement, columns, stored)));
        Target.ByKey pins = locator.pins(locator.sharded);
        return Placed.oneOf(pins == null ? new Target.All() : InsertPlanner.union(own, pins), SHAPE);
    }

    /** The expressions that become the key. */
    private List<Ast> keys(Ast insert, Relation target, Placement.Sharded placement, Block source) {
        Targets targets = new Targets(source.node, source.scope);
        if (targets.items().stream().anyMatch(Targets.Item::starred)) {
            throw Refused.shape("INSERT … SELECT *");
        }
        List<Ast> keys = new ArrayList<>();
        for (String column : placement.keyColumns()) {
            int at = InsertPlanner.position(target, insert.list("cols"), column);
            if (at < 0 || at >= targets.items().size()) {
                throw new Refused(
                        dev.pando.base.error.PandoError.KEY_MISSING,
                        "INSERT",
                        target.name(),
                        String.join(", ", placement.keyColumns()));
            }
            keys.add(targets.items().get(at).value());
        }
        return keys;
    }

    private @Nullable Placed keepsKey(List<Ast> keys, Placement.Sharded placement, Block source, Locator locator) {
        boolean split = source.outer != null && othersRead(source.outer, source);
        if (!(source.spread instanceof Spread.ByKey spread) || split || Anchors.obstacle(source) != null) {
            return null;
        }
        Keyed keyed = new Keyed(source, spread.leaves());
        List<Scope.Found> columns = keyed.columns(keys);
        boolean sameGroup = columns.size() == keys.size()
                && spread.leaves().stream().anyMatch(leaf -> holds(leaf, columns, placement, source));
        boolean limited =
                source.node.has("limitCount") || source.node.has("limitOffset") || source.node.has("lockingClause");
        if (!sameGroup || limited) {
            return null;
        }
        if (!rowByRow(source, spread)) {
            return null;
        }
        Target.ByKey pins = locator.pins(spread.leaves());
        return new Placed(pins == null ? new Target.All() : pins, new Across.Sum());
    }

    /** Whether WITH or a subquery of the INSERT itself reads what is not whole on any shard, or chooses by itself. */
    private static boolean othersRead(Block top, Block source) {
        return top.inner.stream()
                .filter(block -> block != source)
                .anyMatch(block -> block.readsSharded() || block.choice() != null);
    }

    private boolean rowByRow(Block source, Spread.ByKey spread) {
        try {
            return new Regroup(new Scatter(planning, source, spread), planning, source).kind() == Regroup.Kind.ROWS;
        } catch (Refused several) {
            planning.explain("its SELECT cannot run on each shard by itself: " + several.shown());
            return false;
        }
    }

    /** Whether the columns are, in order, the key of this leaf, and the leaf lives with the table written. */
    private static boolean holds(
            Block.Leaf leaf, List<Scope.Found> columns, Placement.Sharded placement, Block source) {
        Placement.Sharded from = leaf.relation().sharded();
        if (from == null || leaf.nullable() || !from.group().equals(placement.group())) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            Facts.ColumnId key = leaf.relation().columnId(from.keyColumns().get(i));
            if (!source.facts.same(columns.get(i).id(), key)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable List<ValueSource> values(Ast value, Block source, Placement.Sharded placement, int column) {
        Constant constant = Constant.of(value, planning.source);
        if (constant != null) {
            boolean usable = constant.comparesAs(placement.keyTypes().get(column))
                    && !(constant.source() instanceof ValueSource.Null);
            return usable ? List.of(constant.source()) : null;
        }
        Scope.Found found = source.scope.resolve(value);
        return found == null
                ? null
                : source.facts.pin(found.id(), placement.keyTypes().get(column));
    }
}

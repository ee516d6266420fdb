package dev.pando.core.route;

import dev.pando.core.route.Block.Leaf;
import dev.pando.core.topology.Placement;
import java.util.List;
import java.util.Objects;

/** Which columns and expressions carry a sharding key: rows that are equal in them live on one shard. */
final class Keyed {
    private final Block block;
    private final List<Leaf> leaves;

    /** Of a level whose rows live where the keys of these leaves say. */
    Keyed(Block block, List<Leaf> leaves) {
        this.block = block;
        this.leaves = leaves;
    }

    /** Whether the columns together hold the whole key of some table whose row is always there. */
    boolean covered(List<Scope.Found> columns) {
        return leaves.stream().anyMatch(leaf -> !leaf.nullable() && covered(leaf.relation(), columns));
    }

    private boolean covered(Relation relation, List<Scope.Found> columns) {
        Placement.Sharded placement = relation.sharded();
        return placement != null
                && placement.keyColumns().stream()
                        .allMatch(key -> columns.stream()
                                .anyMatch(column -> block.facts.same(column.id(), relation.columnId(key))));
    }

    boolean coveredBy(List<Ast> expressions) {
        return covered(columns(expressions));
    }

    List<Scope.Found> columns(List<Ast> expressions) {
        return expressions.stream()
                .map(block.scope::resolve)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether a star stands for all columns of a table whose row is always there. */
    boolean coveredByStar(Targets targets, Ast star) {
        List<Relation> starred = targets.starred(star);
        return starred != null
                && leaves.stream().anyMatch(leaf -> !leaf.nullable() && starred.contains(leaf.relation()));
    }
}

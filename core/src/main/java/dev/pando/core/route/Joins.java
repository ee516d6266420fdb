package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.route.Block.Leaf;
import dev.pando.core.route.Block.Spread;
import dev.pando.core.route.Facts.ColumnId;
import dev.pando.core.topology.Placement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins in FROM: what holds for the rows of each relation, and whether the join may run on each shard by itself.
 *
 * <p><b>Facts.</b> From above (WHERE, inner joins further out) come strict equalities that every row of the result satisfies. An inner join
 * adds its condition for both sides, and to each what holds for the other. An outer join does so for the side that is null-extended only, but hands down the facts from above to
 * both. That suffices: take a row b of the null-extended side whose facts do not hold. If it is left out, some row a may become (a, NULL)
 * in place of (a, b). A fact that mentions b's side is false on NULL, so (a, NULL) is dropped; facts that do not mention it have on
 * (a, NULL) the value they had on (a, b). So nothing new reaches the result, and rows whose facts do not hold may be absent.
 *
 * <p><b>Spread.</b> Two spread sides may be joined on each shard if the facts say that a key of the one equals a key of the other. A side that
 * is the same everywhere may be joined to a spread one unless it is preserved: its unmatched rows would appear once per shard.
 */
final class Joins {
    enum Type {
        INNER,
        LEFT,
        RIGHT,
        FULL
    }

    /** A FROM clause as a tree. */
    sealed interface Tree {
        /** A table, or with {@code node} a subquery still to be looked at. */
        record One(Relation relation, @Nullable Ast node) implements Tree {}

        /** A join; its condition and the scope in which it is read; pairs that USING equates. */
        record Pair(
                Type type, Tree left, Tree right, @Nullable Ast on, Scope scope, List<List<ColumnId>> using)
                implements Tree {}
    }

    /** Looks at what is no plain table: subqueries. */
    interface Subqueries {
        Spread spread(Tree.One item, Facts facts, boolean nullable);
    }

    private final Conditions conditions;
    private final Subqueries subqueries;
    private final Block block;

    Joins(Conditions conditions, Subqueries subqueries, Block block) {
        this.conditions = conditions;
        this.subqueries = subqueries;
        this.block = block;
    }

    /** Everything that holds for each row of the result of the join. */
    void collect(Tree tree, Facts facts) {
        if (!(tree instanceof Tree.Pair pair)) {
            return;
        }
        switch (pair.type) {
            case INNER -> {
                add(pair, facts);
                collect(pair.left, facts);
                collect(pair.right, facts);
            }
            case LEFT -> collect(pair.left, facts);
            case RIGHT -> collect(pair.right, facts);
            case FULL -> {}
        }
    }

    private void add(Tree.Pair pair, Facts facts) {
        if (pair.on != null) {
            conditions.addTo(facts, pair.on, pair.scope);
        }
        pair.using.forEach(equal -> facts.equal(equal.getFirst(), equal.getLast()));
    }

    Spread visit(Tree tree, Facts facts, boolean nullable) {
        return visit(tree, facts, nullable, false);
    }

    /** With {@code collected} the facts hold what {@link #collect} finds in the tree: of a chain of joins each is read once. */
    private Spread visit(Tree tree, Facts facts, boolean nullable, boolean collected) {
        return switch (tree) {
            case Tree.One one -> leaf(one, facts, nullable);
            case Tree.Pair pair -> pair(pair, facts, nullable, collected);
        };
    }

    private Spread leaf(Tree.One one, Facts facts, boolean nullable) {
        if (one.node != null) {
            return subqueries.spread(one, facts, nullable);
        }
        Leaf leaf = new Leaf(one.relation, facts, nullable);
        block.leaves.add(leaf);
        return one.relation.sharded() == null ? Spread.REPLICATED : new Spread.ByKey(List.of(leaf));
    }

    private Spread pair(Tree.Pair pair, Facts facts, boolean nullable, boolean collected) {
        Facts with = collected && pair.type == Type.INNER ? facts : together(pair, facts);
        Facts left = pair.type == Type.INNER || pair.type == Type.RIGHT ? with : facts;
        Facts right = pair.type == Type.INNER || pair.type == Type.LEFT ? with : facts;
        boolean leftNullable = nullable || pair.type == Type.RIGHT || pair.type == Type.FULL;
        boolean rightNullable = nullable || pair.type == Type.LEFT || pair.type == Type.FULL;
        boolean preservedLeft = pair.type == Type.LEFT && collected;
        boolean preservedRight = pair.type == Type.RIGHT && collected;
        Spread one = visit(pair.left, left, leftNullable, left == with || preservedLeft);
        Spread other = visit(pair.right, right, rightNullable, right == with || preservedRight);
        return combine(pair.type, one, other, with);
    }

    /** What holds for the rows that both sides give together. */
    private Facts together(Tree.Pair pair, Facts facts) {
        Facts with = facts.copy();
        add(pair, with);
        collect(pair.left, with);
        collect(pair.right, with);
        return with;
    }

    static Spread combine(Type type, Spread left, Spread right, Facts facts) {
        if (left instanceof Spread.Broken) {
            return left;
        }
        if (right instanceof Spread.Broken) {
            return right;
        }
        if (left instanceof Spread.ByKey one && right instanceof Spread.ByKey other) {
            return together(one, other, facts);
        }
        boolean leftPreserved = type == Type.LEFT || type == Type.FULL;
        boolean rightPreserved = type == Type.RIGHT || type == Type.FULL;
        boolean leftRepeats = left instanceof Spread.Replicated && right instanceof Spread.ByKey && leftPreserved;
        boolean rightRepeats = right instanceof Spread.Replicated && left instanceof Spread.ByKey && rightPreserved;
        if (leftRepeats || rightRepeats) {
            return new Spread.Broken(Refused.shape("outer join that keeps unmatched rows of an unsharded table"));
        }
        return left instanceof Spread.ByKey ? left : right;
    }

    private static Spread together(Spread.ByKey one, Spread.ByKey other, Facts facts) {
        for (Leaf left : one.leaves()) {
            for (Leaf right : other.leaves()) {
                if (sameShard(left.relation(), right.relation(), facts)) {
                    List<Leaf> both = new ArrayList<>(one.leaves());
                    both.addAll(other.leaves());
                    return new Spread.ByKey(both);
                }
            }
        }
        return new Spread.Broken(new Refused(
                PandoError.NOT_COLOCATED,
                one.leaves().getFirst().relation().name(),
                other.leaves().getFirst().relation().name()));
    }

    /** Whether rows of both that the facts bring together live on the same shard. */
    static boolean sameShard(Relation one, Relation other, Facts facts) {
        Placement.Sharded left = one.sharded();
        Placement.Sharded right = other.sharded();
        if (left == null || right == null || !left.group().equals(right.group())) {
            return false;
        }
        for (int i = 0; i < left.keyColumns().size(); i++) {
            ColumnId leftKey = one.columnId(left.keyColumns().get(i));
            ColumnId rightKey = other.columnId(right.keyColumns().get(i));
            if (!facts.same(leftKey, rightKey)) {
                return false;
            }
        }
        return true;
    }
}

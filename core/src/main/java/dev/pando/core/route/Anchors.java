package dev.pando.core.route;

import dev.pando.core.route.Block.Leaf;
import dev.pando.core.route.Block.Role;
import dev.pando.core.route.Block.Spread;
import org.jspecify.annotations.Nullable;

/**
 * Whether the levels inside another one give on each shard what they would give on the whole. They do if they read no sharded table, or if
 * the rows they look at have the key of the outer row, and so live where that row lives.
 */
final class Anchors {
    private Anchors() {}

    /** Why the levels below {@code block} stand in the way of running it on each shard, null when they do not. FROM was judged by {@link Joins}. */
    static @Nullable Refused obstacle(Block block) {
        if (block.spread instanceof Spread.Broken broken) {
            return broken.why();
        }
        String place = Choices.place(block.node);
        if (place != null) {
            return Refused.shape(place);
        }
        for (Block inner : block.inner) {
            boolean judged = inner.role == Role.FROM || inner.role == Role.LATERAL;
            if (!judged && inner.readsSharded() && !(inner.role == Role.SUBLINK && follows(inner, block))) {
                return Refused.shape(name(inner));
            }
            String choice = inner.readsSharded() || Choices.correlated(inner) ? null : inner.choice();
            if (choice != null) {
                return Refused.shape(choice + " in a subquery that each shard would answer by itself");
            }
        }
        return null;
    }

    private static String name(Block inner) {
        return switch (inner.role) {
            case CTE -> "WITH over a sharded table";
            case SET_OPERATION -> "UNION, INTERSECT or EXCEPT";
            case INSERT_SOURCE -> "INSERT … SELECT";
            case TOP, FROM, LATERAL, SUBLINK -> "a subquery that is not joined to the outer row on the sharding key";
        };
    }

    /** Whether every sharded table inside is held to the key of a sharded table of {@code outer} itself. */
    static boolean follows(Block inner, Block outer) {
        return inner.allLeaves().stream()
                .filter(leaf -> leaf.relation().sharded() != null)
                .allMatch(leaf -> outer.leaves.stream().anyMatch(anchor -> anchored(leaf, anchor)));
    }

    private static boolean anchored(Leaf leaf, Leaf anchor) {
        return Joins.sameShard(leaf.relation(), anchor.relation(), leaf.facts());
    }
}

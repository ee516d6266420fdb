package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.route.Block.Leaf;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the tables of a statement to the shards it concerns. */
final class Locator {
    private final Planning planning;
    /** Sharded tables that are read, at any level. */
    final List<Leaf> sharded = new ArrayList<>();

    final List<Relation> reference = new ArrayList<>();
    final Set<ShardId> singles = new LinkedHashSet<>();
    private String single = "";

    Locator(Planning planning, Block top) {
        this.planning = planning;
        top.allLeaves().forEach(this::add);
    }

    private void add(Leaf leaf) {
        Relation relation = leaf.relation();
        Placement placement = relation.placement();
        if (placement == null) {
            return;
        }
        if (placement instanceof Placement.Sharded) {
            sharded.add(leaf);
        } else {
            addTarget(relation.name(), placement);
        }
    }

    /** Takes a table that is only written into account. */
    void addTarget(String name, Placement placement) {
        switch (placement) {
            case Placement.Sharded spread ->
                planning.explain("\"" + name + "\" is sharded by (" + String.join(", ", spread.keyColumns()) + "), "
                        + spread.function().name() + ", group " + spread.group());
            case Placement.Reference everywhere -> {
                planning.explain("\"" + name + "\" is a reference table: the same on every shard");
                reference.add(new Relation(-1, name, name, null, placement, List.of()));
            }
            case Placement.Single one -> {
                planning.explain("\"" + name + "\" lives on " + one.shard());
                singles.add(one.shard());
                single = name;
            }
        }
    }

    /** The one place of a statement without sharded tables. */
    Target unsharded() {
        if (singles.size() > 1) {
            throw Refused.shape("a statement over tables of several shards");
        }
        return singles.isEmpty()
                ? new Target.Any()
                : new Target.One(singles.iterator().next());
    }

    /** Refuses sharded tables next to such that live on one shard. */
    void requireNoSingles(String shardedName) {
        if (!singles.isEmpty()) {
            throw new Refused(PandoError.MIXED_PLACEMENT, shardedName, single);
        }
    }

    void requireUnmixed() {
        sharded.forEach(leaf -> {
            Placement placement = leaf.relation().placement();
            if (placement != null) {
                addTarget(leaf.relation().name(), placement);
            }
            requireNoSingles(leaf.relation().name());
        });
    }

    /** The key values of these tables, null if one of them has none. */
    Target.@Nullable ByKey pins(List<Leaf> leaves) {
        Set<Target.KeySet> sets = new LinkedHashSet<>();
        for (Leaf leaf : leaves) {
            Target.KeySet set = pin(leaf);
            if (set == null) {
                return null;
            }
            if (sets.stream().noneMatch(other -> sameShards(other, set))) {
                sets.add(set);
            }
        }
        return new Target.ByKey(List.copyOf(sets));
    }

    /** Co-located tables joined on their keys: one of the sets says it all. */
    private static boolean sameShards(Target.KeySet one, Target.KeySet other) {
        return one.placement().group().equals(other.placement().group())
                && one.columns().equals(other.columns());
    }

    Target.@Nullable KeySet pin(Leaf leaf) {
        Placement.Sharded placement = leaf.relation().sharded();
        if (placement == null) {
            return null;
        }
        List<List<ValueSource>> columns = new ArrayList<>();
        for (int i = 0; i < placement.keyColumns().size(); i++) {
            List<ValueSource> values = leaf.facts()
                    .pin(
                            leaf.relation().columnId(placement.keyColumns().get(i)),
                            placement.keyTypes().get(i));
            if (values == null) {
                return null;
            }
            columns.add(values.stream().map(planning::vouched).toList());
        }
        return new Target.KeySet(leaf.relation().name(), placement, columns, false);
    }

    /** The first table without a key value, for messages. */
    String unpinned() {
        for (Leaf leaf : sharded) {
            Placement.Sharded placement = leaf.relation().sharded();
            if (placement != null && pin(leaf) == null) {
                return "no value for the key (" + String.join(", ", placement.keyColumns()) + ") of \""
                        + leaf.relation().name() + "\"";
            }
        }
        return "";
    }
}

package dev.pando.core.route;

import dev.pando.core.route.Block.Spread;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import org.jspecify.annotations.Nullable;

/** SELECT, VALUES and TABLE, with whatever stands in their WITH. */
final class SelectPlanner {
    private final Planning planning;

    SelectPlanner(Planning planning) {
        this.planning = planning;
    }

    Placed place(Ast select) {
        Analysis analysis = new Analysis(planning);
        Block top = analysis.statement(select);
        Locator locator = new Locator(planning, top);
        InsertPlanner inserts = new InsertPlanner(planning);
        Target.@Nullable ByKey inner = inserts.innerInserts(top, locator);
        Hidden.check(select, planning);
        if (!analysis.innerWrites().isEmpty() && !locator.reference.isEmpty()) {
            throw Refused.shape("WITH that writes next to a reference table");
        }
        if (locator.sharded.isEmpty() && inner == null) {
            return unsharded(select, locator);
        }
        locator.requireUnmixed();
        requireNoHomeFunction(select);
        if (!analysis.innerWrites().isEmpty()) {
            Target.ByKey pins = locator.pins(locator.sharded);
            Target target = pins == null ? new Target.All() : InsertPlanner.union(pins, inner);
            return Placed.oneOf(target, "WITH that writes" + reason(locator));
        }
        String state = Functions.needsHome(select);
        if (state != null) {
            Target.ByKey pins = locator.pins(locator.sharded);
            return Placed.oneOf(
                    pins == null ? new Target.All() : pins, state + "() over several shards" + reason(locator));
        }
        return sharded(top, locator);
    }

    static void requireNoHomeFunction(Ast statement) {
        String home = Functions.onlyHome(statement);
        if (home != null) {
            throw Refused.shape(home + "() in a statement over sharded tables");
        }
    }

    private Placed unsharded(Ast select, Locator locator) {
        Target target = locator.unsharded();
        boolean locks = select.contains("LockingClause") && !locator.reference.isEmpty();
        boolean home = Functions.needsHome(select) != null || locks;
        if (target instanceof Target.Any && home) {
            target = new Target.One(ShardId.HOME);
        }
        if (target instanceof Target.Any) {
            planning.explain("no table that lives on certain shards only: any shard can answer");
        }
        return new Placed(target, new Across.Everywhere());
    }

    private Placed sharded(Block top, Locator locator) {
        try {
            Spread.ByKey spread = spread(top);
            Across across = new Scatter(planning, top, spread).plan();
            Target.ByKey pins = locator.pins(spread.leaves());
            Target.ByKey all = pins == null ? locator.pins(locator.sharded) : pins;
            if (all == null) {
                planning.explain(locator.unpinned() + ": every shard");
            }
            return new Placed(all == null ? new Target.All() : all, across);
        } catch (Refused why) {
            Target.ByKey pins = locator.pins(locator.sharded);
            if (pins == null) {
                planning.explain(locator.unpinned());
            }
            return new Placed(pins == null ? new Target.All() : pins, why.refuse());
        }
    }

    private static String reason(Locator locator) {
        String unpinned = locator.unpinned();
        return unpinned.isEmpty() ? "" : " (" + unpinned + ")";
    }

    /** The level's rows as those of all shards together, or a refusal. */
    static Spread.ByKey spread(Block top) {
        Refused obstacle = Anchors.obstacle(top);
        if (obstacle != null) {
            throw obstacle;
        }
        if (top.spread instanceof Spread.ByKey spread) {
            return spread;
        }
        throw Refused.shape("a subquery over sharded tables under a query that reads none");
    }

    /** Whether rows of the relation are spread. */
    static boolean spread(Placement placement) {
        return placement instanceof Placement.Sharded;
    }
}

package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.route.Block.Leaf;
import dev.pando.core.route.Block.Spread;
import dev.pando.core.topology.Placement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** UPDATE, DELETE and MERGE. */
final class ModifyPlanner {
    private final Planning planning;

    ModifyPlanner(Planning planning) {
        this.planning = planning;
    }

    Placed place(Ast statement) {
        if (statement.contains("CurrentOfExpr")) {
            return Placed.CURRENT;
        }
        Analysis analysis = new Analysis(planning);
        Block top = analysis.statement(statement);
        Locator locator = new Locator(planning, top);
        Target.@Nullable ByKey inner = new InsertPlanner(planning).innerInserts(top, locator);
        SelectPlanner.requireSafe(planning, statement);
        Leaf target = statement.is("MergeStmt") ? top.leaves.getLast() : top.leaves.getFirst();
        if (target.relation().placement() instanceof Placement.Reference) {
            return reference(statement, target.relation().name(), locator, analysis);
        }
        if (locator.sharded.isEmpty() && inner == null) {
            return new Placed(home(locator, analysis), new Across.Everywhere());
        }
        locator.requireUnmixed();
        SelectPlanner.requireNoHomeFunction(statement);
        Placement.Sharded sharded = target.relation().sharded();
        if (sharded == null) {
            throw Refused.shape("a write to an unsharded table from sharded ones");
        }
        refuseKeyUpdate(statement.list("targetList"), target.relation().name(), sharded);
        Target.ByKey pins = locator.pins(locator.sharded);
        if (!analysis.innerWrites().isEmpty()) {
            return Placed.oneOf(pins == null ? new Target.All() : InsertPlanner.union(pins, inner), "WITH that writes");
        }
        return statement.is("MergeStmt") ? merge(statement, top, target, pins) : everyShard(top, locator, pins);
    }

    private static Target home(Locator locator, Analysis analysis) {
        if (!analysis.innerWrites().isEmpty() && !locator.reference.isEmpty()) {
            throw Refused.shape("WITH that writes next to a reference table");
        }
        return locator.unsharded();
    }

    private Placed everyShard(Block top, Locator locator, Target.@Nullable ByKey pins) {
        try {
            Spread.ByKey spread = SelectPlanner.spread(top);
            Target.ByKey own = locator.pins(spread.leaves());
            if (own == null) {
                planning.explain(locator.unpinned() + ": every shard, in one atomic outcome");
            }
            return new Placed(own == null ? new Target.All() : own, new Across.Sum());
        } catch (Refused why) {
            return new Placed(pins == null ? new Target.All() : pins, why.refuse());
        }
    }

    private Placed merge(Ast statement, Block top, Leaf target, Target.@Nullable ByKey pins) {
        Placement.Sharded placement =
                java.util.Objects.requireNonNull(target.relation().sharded());
        Target.ByKey union = pins;
        for (Ast when : statement.list("mergeWhenClauses")) {
            List<Ast> targets = when.list("targetList");
            if (when.text("commandType").equals("CMD_UPDATE")) {
                refuseKeyUpdate(targets, target.relation().name(), placement);
            } else if (when.text("commandType").equals("CMD_INSERT")) {
                Target.KeySet set =
                        new InsertPlanner(planning).row(target.relation(), targets, when.list("values"), top, "MERGE");
                union = union == null ? null : InsertPlanner.union(union, new Target.ByKey(List.of(set)));
            }
        }
        return Placed.oneOf(union == null ? new Target.All() : union, "MERGE");
    }

    private Placed reference(Ast statement, String name, Locator locator, Analysis analysis) {
        if (!locator.sharded.isEmpty()
                || !locator.singles.isEmpty()
                || !analysis.innerWrites().isEmpty()) {
            throw Refused.shape(
                    "a write to reference table \"" + name + "\" from tables that are not the same everywhere");
        }
        refuseVarying(planning, statement, name);
        planning.explain("written on every shard, in one atomic outcome");
        return Placed.EVERYWHERE;
    }

    /** A reference table must get the same rows on every shard. */
    static void refuseVarying(Planning planning, Ast statement, String name) {
        String varying = Functions.varying(statement, planning.catalog);
        if (varying != null) {
            throw new Refused(PandoError.STATEMENT_VALUES_VOLATILE, verb(statement), name, varying);
        }
        boolean[] limited = new boolean[1];
        statement.walk(node -> limited[0] |= node.has("limitCount") || node.has("limitOffset"));
        if (limited[0]) {
            throw new Refused(PandoError.STATEMENT_VALUES_VOLATILE, verb(statement), name, "LIMIT or OFFSET");
        }
    }

    static String verb(Ast statement) {
        return statement.kind().replace("Stmt", "").toUpperCase(java.util.Locale.ROOT);
    }

    static void refuseKeyUpdate(List<Ast> targets, String table, Placement.Sharded placement) {
        for (Ast target : targets) {
            if (placement.keyColumns().contains(target.text("name"))) {
                throw new Refused(PandoError.KEY_UPDATE, table, target.text("name"));
            }
        }
    }
}

package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.route.Block.Leaf;
import dev.pando.core.route.Block.Spread;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Table;
import java.util.ArrayList;
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
            Hidden.check(statement, planning);
            Ast relation = statement.child("relation");
            Table table = relation == null ? null : planning.table(relation);
            if (table != null && table.placement() instanceof Placement.Reference) {
                throw Refused.shape("WHERE CURRENT OF a cursor on a reference table");
            }
            return Placed.CURRENT;
        }
        Analysis analysis = new Analysis(planning);
        Block top = analysis.statement(statement);
        Locator locator = new Locator(planning, top);
        Target.@Nullable ByKey inner = new InsertPlanner(planning).innerInserts(top, locator);
        Hidden.check(statement, planning);
        Leaf target = statement.is("MergeStmt") ? top.leaves.getLast() : top.leaves.getFirst();
        if (target.relation().placement() instanceof Placement.Reference) {
            return reference(statement, target.relation(), locator, analysis);
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
        Target.ByKey pins = locator.pins(locator.sharded);
        Refused rekeyed = keyUpdate(statement.list("targetList"), target.relation(), sharded);
        if (rekeyed != null) {
            Target.KeySet moved = pins == null ? null : newKey(statement, target, sharded, locator);
            Target where = pins == null || moved == null
                    ? new Target.All()
                    : InsertPlanner.union(InsertPlanner.union(pins, new Target.ByKey(List.of(moved))), inner);
            return new Placed(where, rekeyed.refuse());
        }
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
                refuseKeyUpdate(targets, target.relation(), placement);
            } else if (when.text("commandType").equals("CMD_INSERT")) {
                Target.KeySet set =
                        new InsertPlanner(planning).row(target.relation(), targets, when.list("values"), top, "MERGE");
                union = union == null ? null : InsertPlanner.union(union, new Target.ByKey(List.of(set)));
            }
        }
        return Placed.oneOf(union == null ? new Target.All() : union, "MERGE");
    }

    private Placed reference(Ast statement, Relation target, Locator locator, Analysis analysis) {
        if (!locator.sharded.isEmpty()
                || !locator.singles.isEmpty()
                || !analysis.innerWrites().isEmpty()) {
            throw Refused.shape("a write to reference table \"" + target.name()
                    + "\" from tables that are not the same everywhere");
        }
        References.check(planning, statement, target);
        planning.explain("written on every shard, in one atomic outcome");
        return Placed.EVERYWHERE;
    }

    /**
     * The key that an UPDATE gives to the rows of one known key; null when it cannot be told. If it belongs to the same shard, that shard
     * can do it.
     */
    private Target.@Nullable KeySet newKey(Ast update, Leaf target, Placement.Sharded placement, Locator locator) {
        Target.KeySet old = locator.pin(target);
        List<List<ValueSource>> columns = new ArrayList<>();
        for (int i = 0; old != null && i < placement.keyColumns().size(); i++) {
            Ast assigned = assigned(update, placement.keyColumns().get(i), target.relation());
            Constant constant = assigned == null ? null : Constant.of(assigned, planning.source);
            if (assigned == null && old.columns().get(i).size() == 1) {
                columns.add(old.columns().get(i));
            } else if (constant != null
                    && constant.comparesAs(placement.keyTypes().get(i))) {
                columns.add(List.of(constant.source()));
            } else {
                return null;
            }
        }
        return old == null ? null : new Target.KeySet(target.relation().name(), placement, columns, true);
    }

    private static @Nullable Ast assigned(Ast update, String column, Relation table) {
        return update.list("targetList").stream()
                .filter(assignment -> assignment.text("name").equals(column) && !unchanged(assignment, table))
                .map(assignment -> assignment.child("val"))
                .findFirst()
                .orElse(null);
    }

    static void refuseKeyUpdate(List<Ast> targets, Relation table, Placement.Sharded placement) {
        Refused why = keyUpdate(targets, table, placement);
        if (why != null) {
            throw why;
        }
    }

    private static @Nullable Refused keyUpdate(List<Ast> targets, Relation table, Placement.Sharded placement) {
        return targets.stream()
                .filter(target -> placement.keyColumns().contains(target.text("name")) && !unchanged(target, table))
                .findFirst()
                .map(target -> new Refused(PandoError.KEY_UPDATE, table.name(), target.text("name")))
                .orElse(null);
    }

    /** {@code SET key = key}, or {@code = excluded.key}, whose row is on this shard since its key is. */
    private static boolean unchanged(Ast assignment, Relation table) {
        Ast value = assignment.child("val");
        List<String> names = value != null && value.is("ColumnRef") ? value.strings("fields") : List.of();
        return switch (names.size()) {
            case 1 -> names.getFirst().equals(assignment.text("name"));
            case 2 ->
                names.getLast().equals(assignment.text("name"))
                        && (names.getFirst().equals(table.alias())
                                || names.getFirst().equals("excluded"));
            default -> false;
        };
    }
}

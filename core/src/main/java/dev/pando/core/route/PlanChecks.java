package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.merge.MergeSpec;

/** Small checks that every plan passes before it is cached: a plan that breaks one would give wrong answers or lose data. */
final class PlanChecks {
    private PlanChecks() {}

    static void check(Plan plan) {
        if (plan.command() instanceof Command.ExplainPando explain) {
            check(explain.plan());
            return;
        }
        boolean writes = plan.command() instanceof Command.Write || plan.command() instanceof Command.Ddl;
        boolean several = !(plan.target() instanceof Target.One);
        switch (plan.across()) {
            case Across.Merge merge -> {
                require(
                        plan.command() instanceof Command.Read || plan.command() instanceof Command.Declare,
                        "only reads are merged");
                merge(merge);
            }
            case Across.Sum sum -> require(writes, "only writes are summed");
            case Across.SplitRows rows -> {
                require(plan.textBound(), "offsets of rows belong to one text");
                require(rows.rows().size() > 1, "a split has several rows");
            }
            case Across.SplitCopy copy ->
                require(plan.command() instanceof Command.CopyIn, "only COPY FROM is dealt out");
            case Across.ConcatCopy copy -> require(plan.command() instanceof Command.CopyOut, "only COPY TO is joined");
            case Across.Everywhere everywhere ->
                require(!(plan.target() instanceof Target.ByKey), "a key with the same statement everywhere");
            case Across.EverywhereAlone alone -> require(several, "one shard is not everywhere");
            case Across.Refuse refuse -> {}
        }
        require(
                !(plan.target() instanceof Target.Any && writes && !(plan.across() instanceof Across.Refuse))
                        || !reference(plan),
                "a write to any one shard");
    }

    /** Whether the plan speaks of a reference table: written on one shard it would no longer be the same everywhere. */
    private static boolean reference(Plan plan) {
        return plan.why().stream().anyMatch(line -> line.contains("reference table"));
    }

    private static void merge(Across.Merge merge) {
        MergeSpec spec = merge.spec();
        require(spec.hidden() == 0 || merge.shardSql() != null, "hidden columns without a text that selects them");
        require(spec.offset() == null || merge.shardSql() != null, "an OFFSET that the shards apply too");
        MergeSpec.Grouping grouping = spec.grouping();
        require(
                grouping == null || spec.order().isEmpty() || ordered(grouping, spec),
                "an order by a column that is not there");
    }

    private static boolean ordered(MergeSpec.Grouping grouping, MergeSpec spec) {
        return spec.order().stream()
                .allMatch(key -> key.column() < grouping.outputs().size());
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new PandoException(PandoError.BUG, "plan: " + what);
        }
    }
}

package dev.pando.core.route;

import dev.pando.core.merge.MergeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Plans as golden files show them. */
final class PlanText {
    private PlanText() {}

    static String of(Plan plan) {
        if (plan.command() instanceof Command.ExplainPando explain) {
            return "explain of\n" + of(explain.plan());
        }
        List<String> lines = new ArrayList<>();
        String bound = plan.textBound() ? " (this text only)" : "";
        lines.add(command(plan.command()) + " -> " + target(plan.target()) + bound);
        if (plan.pin() != null) {
            lines.add("  pin: " + plan.pin());
        }
        boolean one = plan.target() instanceof Target.One
                || plan.target() instanceof Target.Any
                || plan.target() instanceof Target.Current
                || plan.target() instanceof Target.Nowhere;
        if (!one || plan.across() instanceof Across.Refuse) {
            lines.add("  several: " + across(plan.across()));
        }
        if (plan.across() instanceof Across.Merge merge && merge.shardSql() != null) {
            lines.add("  shards: " + merge.shardSql().strip());
        }
        return String.join("\n", lines);
    }

    private static String command(Command command) {
        return switch (command) {
            case Command.PandoCall call ->
                call.function() + "("
                        + call.arguments().stream()
                                .map(argument -> (argument.name() == null ? "" : argument.name() + "=>")
                                        + source(argument.value()))
                                .collect(Collectors.joining(", "))
                        + ")";
            default -> {
                String text = command.toString();
                yield text.endsWith("[]") ? text.substring(0, text.length() - 2) : text;
            }
        };
    }

    private static String target(Target target) {
        return switch (target) {
            case Target.One one -> one.shard().toString();
            case Target.Any any -> "any shard";
            case Target.Current current -> "current shard";
            case Target.All all -> "all shards";
            case Target.Nowhere nowhere -> "nowhere";
            case Target.ByKey keys -> keys.sets().stream().map(PlanText::keySet).collect(Collectors.joining(" and "));
        };
    }

    private static String keySet(Target.KeySet set) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < set.columns().size(); i++) {
            List<ValueSource> values = set.columns().get(i);
            columns.add(set.placement().keyColumns().get(i) + "="
                    + values.stream().map(PlanText::source).collect(Collectors.joining("|")));
        }
        return "key(" + String.join(", ", columns) + ")";
    }

    private static String source(ValueSource source) {
        return switch (source) {
            case ValueSource.Slot slot ->
                (slot.negated() ? "-" : "") + "literal" + slot.slot() + (slot.array() ? "[]" : "");
            case ValueSource.Parameter parameter ->
                "$" + parameter.number() + (parameter.array() ? "[]" : "") + (parameter.shared() ? " shared" : "");
            case ValueSource.Null none -> "NULL";
        };
    }

    private static String across(Across across) {
        return switch (across) {
            case Across.Merge merge -> merge(merge.spec());
            case Across.Sum sum -> "sum";
            case Across.Everywhere everywhere -> "everywhere";
            case Across.EverywhereAlone alone -> "everywhere, outside of transactions";
            case Across.SplitRows rows ->
                "split "
                        + rows.rows().stream()
                                .map(row -> row.start() + "-" + row.end()
                                        + row.key().stream()
                                                .map(PlanText::source)
                                                .toList())
                                .collect(Collectors.joining(" "))
                        + (rows.returning() ? " returning" : "");
            case Across.SplitCopy copy -> "deal out " + copy(copy.copy());
            case Across.ConcatCopy copy -> "concatenate " + copy(copy.copy());
            case Across.Refuse refuse -> "REFUSED " + refuse.error() + " " + refuse.particulars();
        };
    }

    private static String copy(CopyShape copy) {
        return copy.format() + " keys " + copy.keyFields() + " of " + copy.fields() + " delimiter "
                + (int) copy.delimiter() + " null '" + copy.nullText() + "' quote " + copy.quote() + " escape "
                + copy.escape() + " header " + copy.header();
    }

    private static String merge(MergeSpec spec) {
        List<String> parts = new ArrayList<>();
        MergeSpec.Grouping grouping = spec.grouping();
        if (grouping != null) {
            parts.add("group by " + grouping.keys() + " into "
                    + grouping.outputs().stream().map(PlanText::output).toList()
                    + (grouping.hiddenOutputs() > 0 ? " last " + grouping.hiddenOutputs() + " hidden" : ""));
        }
        if (!spec.order().isEmpty()) {
            parts.add("order by "
                    + spec.order().stream()
                            .map(key -> key.column()
                                    + (key.descending() ? " desc" : "")
                                    + (key.nullsFirst() ? " nulls first" : "")
                                    + (key.textOrder() == MergeSpec.TextOrder.BYTES ? "" : " collation?"))
                            .collect(Collectors.joining(", ")));
        }
        if (spec.limit() != null) {
            parts.add("limit " + source(spec.limit()));
        }
        if (spec.offset() != null) {
            parts.add("offset " + source(spec.offset()));
        }
        if (spec.hidden() > 0) {
            parts.add(spec.hidden() + " hidden");
        }
        return "merge" + (parts.isEmpty() ? "" : " " + String.join(", ", parts));
    }

    private static String output(MergeSpec.Output output) {
        return switch (output) {
            case MergeSpec.Output.Key key -> "key " + key.column();
            case MergeSpec.Output.Count count -> "count " + count.column();
            case MergeSpec.Output.Sum sum -> "sum " + sum.column();
            case MergeSpec.Output.Min min -> "min " + min.column() + unknown(min.textOrder());
            case MergeSpec.Output.Max max -> "max " + max.column() + unknown(max.textOrder());
            case MergeSpec.Output.BoolAnd and -> "and " + and.column();
            case MergeSpec.Output.BoolOr or -> "or " + or.column();
            case MergeSpec.Output.Avg avg -> "avg " + avg.sumColumn() + "/" + avg.countColumn();
        };
    }

    private static String unknown(MergeSpec.TextOrder order) {
        return order == MergeSpec.TextOrder.BYTES ? "" : " collation?";
    }
}

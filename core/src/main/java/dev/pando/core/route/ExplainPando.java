package dev.pando.core.route;

import dev.pando.base.error.PandoException;
import dev.pando.base.type.ScalarType;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.shard.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of EXPLAIN (PANDO): where a statement goes, why, and what is done with the answers. */
public final class ExplainPando {
    private static final int SHOWN = 8;
    private static final int LONGEST = 60;

    private ExplainPando() {}

    /** @param values those that the resolution was made with */
    public static List<String> render(Plan plan, Resolution resolution, Values values) {
        List<String> lines = new ArrayList<>();
        boolean several =
                resolution instanceof Resolution.Shards found && found.shards().size() > 1;
        boolean refused =
                plan.across() instanceof Across.Refuse && (several || resolution instanceof Resolution.Nowhere);
        lines.add(refused ? "Refused" : where(resolution));
        plan.why().forEach(line -> lines.add("  " + line));
        if (plan.target() instanceof Target.ByKey keys) {
            keys.sets().stream().limit(8).forEach(set -> lines.add("  " + key(set, values)));
        }
        if (plan.pin() != null) {
            lines.add("  the session keeps its server connection from here on: " + plan.pin());
        }
        if (refused || several) {
            across(plan.across(), lines);
        }
        return lines;
    }

    private static String where(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Shards shards ->
                shards.shards().size() == 1
                        ? "One shard: " + shards.shards().getFirst()
                        : shards.shards().size() + " shards: "
                                + shards.shards().stream()
                                        .map(shard -> Integer.toString(shard.index()))
                                        .collect(Collectors.joining(", "));
            case Resolution.Any any -> "Any one shard";
            case Resolution.Current current -> "The shard of the open transaction, else shard 0";
            case Resolution.Nowhere nowhere -> "Pando itself";
        };
    }

    private static String key(Target.KeySet set, Values values) {
        KeyValues reader = new KeyValues(values);
        List<String> columns = new ArrayList<>();
        for (List<ValueSource> sources : set.columns()) {
            ScalarType type = scalar(set.placement().keyTypes().get(columns.size()));
            List<String> all = sources.stream()
                    .flatMap(source -> shown(source, values, reader, type))
                    .toList();
            String more = all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "";
            columns.add(String.join(", ", all.subList(0, Math.min(SHOWN, all.size()))) + more);
        }
        return "key (" + String.join(", ", set.placement().keyColumns()) + ") of \"" + set.table() + "\" from "
                + String.join(" and ", columns) + ", by "
                + set.placement().function().name();
    }

    private static ScalarType scalar(KeyType type) {
        return switch (type) {
            case INT2 -> ScalarType.INT2;
            case INT4 -> ScalarType.INT4;
            case INT8 -> ScalarType.INT8;
            case UUID -> ScalarType.UUID;
            case TEXT -> ScalarType.TEXT;
        };
    }

    private static Stream<String> shown(ValueSource source, Values values, KeyValues reader, ScalarType type) {
        return switch (source) {
            case ValueSource.Slot slot ->
                values.shaped().slot(slot.slot()).stream()
                        .map(literal ->
                                (slot.negated() ? "-" : "") + values.shaped().value(literal))
                        .map(ExplainPando::shortened);
            case ValueSource.Parameter parameter -> {
                String name = (parameter.array() ? "array $" : "$") + parameter.number();
                boolean bound = !parameter.array()
                        && parameter.number() <= values.parameters().count();
                String text = bound ? reader.asText(parameter, type) : null;
                yield Stream.of(text == null ? name : name + " = " + shortened(text));
            }
            case ValueSource.Null none -> Stream.of("NULL");
        };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static void across(Across across, List<String> lines) {
        switch (across) {
            case Across.Merge merge -> merge(merge, lines);
            case Across.Sum sum -> lines.add("  -> run on each, row counts added, in one atomic outcome");
            case Across.Everywhere everywhere -> lines.add("  -> run on each, in one atomic outcome");
            case Across.EverywhereAlone alone -> lines.add("  -> run on each in turn, outside of a transaction");
            case Across.SplitRows rows ->
                lines.add("  -> " + rows.rows().size() + " rows, each to the shard of its key");
            case Across.SplitCopy copy -> lines.add("  -> each row to the shard of its key");
            case Across.ConcatCopy copy -> lines.add("  -> data of one shard after the other");
            case Across.Refuse refuse -> {
                PandoException error =
                        new PandoException(refuse.error(), refuse.particulars().toArray());
                lines.add("  -> " + error.getMessage());
                lines.add("     " + error.hint());
            }
        }
    }

    private static void merge(Across.Merge merge, List<String> lines) {
        MergeSpec spec = merge.spec();
        MergeSpec.Grouping grouping = spec.grouping();
        if (grouping != null) {
            lines.add("  -> groups by " + grouping.keys().size() + " columns combined: "
                    + grouping.outputs().stream()
                            .map(output -> output.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT))
                            .collect(Collectors.joining(", ")));
        } else {
            lines.add(spec.order().isEmpty() ? "  -> rows as they come" : "  -> rows merged in order");
        }
        if (grouping != null && !spec.order().isEmpty()) {
            lines.add("  -> sorted");
        }
        if (spec.limit() != null || spec.offset() != null) {
            lines.add("  -> LIMIT and OFFSET applied to the whole");
        }
        if (merge.shardSql() != null) {
            lines.add("  shards run: " + merge.shardSql().strip());
        }
    }
}

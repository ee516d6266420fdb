package dev.pando.core.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the rows that can reach the result: which columns are equal, and which values a column can have. Every fact is a strict
 * equality (false for NULLs), which is what makes it safe to hand facts from WHERE down to both sides of an outer join: see {@link Joins}.
 */
final class Facts {
    /** A column of one relation of the statement. */
    record ColumnId(int relation, String column) {}

    private final Map<ColumnId, ColumnId> parents;
    private final Map<ColumnId, List<List<Constant>>> values;

    Facts() {
        this(new HashMap<>(), new HashMap<>());
    }

    private Facts(Map<ColumnId, ColumnId> parents, Map<ColumnId, List<List<Constant>>> values) {
        this.parents = parents;
        this.values = values;
    }

    Facts copy() {
        return new Facts(new HashMap<>(parents), new HashMap<>(values));
    }

    private ColumnId root(ColumnId column) {
        ColumnId at = column;
        for (ColumnId up = parents.get(at); up != null; up = parents.get(at)) {
            at = up;
        }
        return at;
    }

    void equal(ColumnId one, ColumnId other) {
        ColumnId kept = root(one);
        ColumnId gone = root(other);
        if (kept.equals(gone)) {
            return;
        }
        parents.put(gone, kept);
        List<List<Constant>> moved = values.remove(gone);
        if (moved != null) {
            List<List<Constant>> all = new ArrayList<>(values.getOrDefault(kept, List.of()));
            all.addAll(moved);
            values.put(kept, List.copyOf(all));
        }
    }

    /** The column has one of these values. */
    void oneOf(ColumnId column, List<Constant> alternatives) {
        List<List<Constant>> all = new ArrayList<>(values.getOrDefault(root(column), List.of()));
        all.add(List.copyOf(alternatives));
        values.put(root(column), List.copyOf(all));
    }

    boolean same(ColumnId one, ColumnId other) {
        return root(one).equals(root(other));
    }

    /** The shortest list of values that are usable as this key column's, null when there is none. */
    @Nullable
    List<ValueSource> pin(ColumnId column, dev.pando.core.shard.KeyType type) {
        List<Constant> best = null;
        for (List<Constant> alternatives : values.getOrDefault(root(column), List.of())) {
            boolean usable = alternatives.stream().allMatch(constant -> constant.comparesAs(type));
            if (usable && (best == null || weight(alternatives) < weight(best))) {
                best = alternatives;
            }
        }
        return best == null ? null : best.stream().map(Constant::source).toList();
    }

    private static int weight(List<Constant> alternatives) {
        boolean many = alternatives.stream().anyMatch(constant -> switch (constant.source()) {
            case ValueSource.Slot slot -> slot.array();
            case ValueSource.Parameter parameter -> parameter.array();
            case ValueSource.Null none -> false;
        });
        return alternatives.size() + (many ? 1000 : 0);
    }
}

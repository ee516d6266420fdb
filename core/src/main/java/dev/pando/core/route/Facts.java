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

    /** Values that a column can have, and those known before, which copies of the facts share. */
    private record Known(
            List<Constant> alternatives, @Nullable Known before) {}

    private final Map<ColumnId, ColumnId> parents;
    private final Map<ColumnId, Known> values;

    Facts() {
        this(new HashMap<>(), new HashMap<>());
    }

    private Facts(Map<ColumnId, ColumnId> parents, Map<ColumnId, Known> values) {
        this.parents = parents;
        this.values = values;
    }

    Facts copy() {
        return new Facts(new HashMap<>(parents), new HashMap<>(values));
    }

    private ColumnId root(ColumnId column) {
        ColumnId at = column;
        for (ColumnId up = parents.get(at); up != null; up = parents.get(at)) {
            ColumnId further = parents.get(up);
            if (further != null) {
                parents.put(at, further); // Halves the way: a chain of equalities is walked once, not once for each.
            }
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
        for (List<Constant> moved : known(values.remove(gone))) {
            oneOf(kept, moved);
        }
    }

    /** The column has one of these values. */
    void oneOf(ColumnId column, List<Constant> alternatives) {
        ColumnId root = root(column);
        values.put(root, new Known(List.copyOf(alternatives), values.get(root)));
    }

    /** In the order in which they became known. */
    private static List<List<Constant>> known(@Nullable Known last) {
        List<List<Constant>> all = new ArrayList<>();
        for (Known at = last; at != null; at = at.before) {
            all.add(at.alternatives);
        }
        return all.reversed();
    }

    boolean same(ColumnId one, ColumnId other) {
        return root(one).equals(root(other));
    }

    /** The shortest list of values that are usable as this key column's, null when there is none. */
    @Nullable
    List<ValueSource> pin(ColumnId column, dev.pando.core.shard.KeyType type) {
        List<Constant> best = null;
        for (List<Constant> alternatives : known(values.get(root(column)))) {
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

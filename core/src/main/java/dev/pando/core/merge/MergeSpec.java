package dev.pando.core.merge;

import dev.pando.core.route.ValueSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rows of several shards become one result. A shard's row has the visible columns first and {@code hidden} ones after them (sort keys
 * and partial aggregates that the client must not see).
 *
 * <p>Without a grouping the merged row is the shard's row. With one, merged rows are computed by {@link Grouping}; {@code order} then
 * speaks of the merged row.
 *
 * @param order empty: rows in any order. The shards already deliver in this order when there is no grouping
 * @param limit rows the client gets at most, null for all; shards were asked for limit + offset
 */
public record MergeSpec(
        int hidden,
        List<SortKey> order,
        @Nullable ValueSource limit,
        @Nullable ValueSource offset,
        @Nullable Grouping grouping) {
    /** Rows as they come. */
    public static final MergeSpec CONCATENATE = new MergeSpec(0, List.of(), null, null, null);

    public MergeSpec {
        order = List.copyOf(order);
    }

    /**
     * One key of the result's order.
     *
     * @param column position in the merged row; negative counts from its end (-1 is the last hidden column)
     * @param textOrder what is known of the collation, for types that have one
     */
    public record SortKey(int column, boolean descending, boolean nullsFirst, TextOrder textOrder) {}

    public enum TextOrder {
        /** By bytes of UTF-8. */
        BYTES,
        /** Some other collation: if the column turns out to be of a text type the merge is refused. */
        UNKNOWN
    }

    /**
     * How the shards' rows become groups.
     *
     * @param keys shard columns whose equality makes a group; none: one group over everything, present even without rows
     * @param outputs the merged row: visible columns, then hidden ones needed for {@code order}
     * @param hiddenOutputs how many of {@code outputs}, at their end, are hidden
     */
    public record Grouping(List<Integer> keys, List<Output> outputs, int hiddenOutputs) {
        public Grouping {
            keys = List.copyOf(keys);
            outputs = List.copyOf(outputs);
        }
    }

    /** One column of a merged row, computed from columns of the shards' rows (negative positions count from the end). */
    public sealed interface Output {
        /** The same in all rows of the group. */
        record Key(int column) implements Output {}

        /** Sum of the shards' counts: bigint, 0 when there is none. */
        record Count(int column) implements Output {}

        record Sum(int column) implements Output {}

        record Min(int column, TextOrder textOrder) implements Output {}

        record Max(int column, TextOrder textOrder) implements Output {}

        record BoolAnd(int column) implements Output {}

        record BoolOr(int column) implements Output {}

        /** From the shards' sum and count of the same argument; result type as PostgreSQL's avg. */
        record Avg(int sumColumn, int countColumn) implements Output {}
    }
}

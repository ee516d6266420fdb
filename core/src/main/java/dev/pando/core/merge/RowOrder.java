package dev.pando.core.merge;

import dev.pando.base.type.ScalarType;
import dev.pando.base.type.Value;
import io.netty.buffer.ByteBuf;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ORDER BY: takes a row's sort keys out and compares them. */
final class RowOrder implements Comparator<Values> {
    private final Key[] keys;

    private record Key(int column, ScalarType type, short format, boolean descending, boolean nullsFirst) {}

    RowOrder(List<MergeSpec.SortKey> order, Columns columns) {
        this.keys = new Key[order.size()];
        for (int i = 0; i < keys.length; i++) {
            MergeSpec.SortKey key = order.get(i);
            int position = columns.position(key.column());
            ScalarType type = columns.orderedType(position, "ORDER BY", key.textOrder());
            keys[i] = new Key(position, type, columns.field(position).format(), key.descending(), key.nullsFirst());
        }
    }

    /** The sort keys of {@code body}, whose fields {@code row} has found. */
    Values keys(DataRow row, ByteBuf body) {
        Values values = new Values(keys.length);
        for (int i = 0; i < keys.length; i++) {
            Key key = keys[i];
            values.set(i, row.value(body, key.column, key.type, key.format));
        }
        return values;
    }

    @Override
    public int compare(Values left, Values right) {
        for (int i = 0; i < keys.length; i++) {
            int difference = compare(keys[i], left.at(i), right.at(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int compare(Key key, @Nullable Value left, @Nullable Value right) {
        if (left == null) {
            return right == null ? 0 : key.nullsFirst ? -1 : 1;
        }
        if (right == null) {
            return key.nullsFirst ? 1 : -1;
        }
        return key.descending ? right.compareTo(left) : left.compareTo(right);
    }
}

package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * "This column is one of these values" as SQL. A CHECK compares with {@code = ANY (array)} one element after the other (only queries get a
 * hash table), 18 µs per row at 5,000 bigints and 68 µs at 5,000 texts, so that form is kept for short lists, where it reads best.
 *
 * <p>Longer lists are searched by {@code width_bucket}, which halves: the array holds each value and its successor, and an odd count of
 * elements passed (neighbours share one, twice) means "between a value and its successor", that is, equal to it (0.07 µs). Text has no fixed width to halve by; there
 * the 64-bit hashes are searched, and only on a hit the texts themselves.
 */
final class Membership {
    private static final int SHORT = 16;

    private Membership() {}

    /** Never null for a column that is not null. {@code keys} ascend and are distinct. */
    static String sql(KeyType type, String column, List<Key> keys) {
        String any = column + " = ANY (" + SqlText.array(type, keys) + ")";
        if (keys.size() <= SHORT) {
            return any;
        }
        if (type != KeyType.TEXT) {
            return search(type, column, keys);
        }
        List<Key> hashes = keys.stream()
                .map(key -> PostgresHash.ofText(key.toString(), 0))
                .distinct()
                .sorted()
                .<Key>map(Key.Int::new)
                .toList();
        return "(" + search(KeyType.INT8, "hashtextextended(" + column + ", 0)", hashes) + " AND " + any + ")";
    }

    private static String search(KeyType type, String value, List<Key> keys) {
        List<Key> changes = new ArrayList<>();
        for (Key key : keys) {
            changes.add(key);
            Key next = successor(key);
            if (next != null) {
                changes.add(next);
            }
        }
        return "width_bucket(" + value + ", " + SqlText.array(type, changes) + ") % 2 = 1";
    }

    private static @Nullable Key successor(Key key) {
        return switch (key) {
            case Key.Int integer -> integer.value() == Long.MAX_VALUE ? null : new Key.Int(integer.value() + 1);
            case Key.Uuid uuid -> {
                long low = uuid.value().getLeastSignificantBits() + 1;
                long high = uuid.value().getMostSignificantBits() + (low == 0 ? 1 : 0);
                yield low == 0 && high == 0 ? null : new Key.Uuid(new UUID(high, low));
            }
            case Key.Text text -> throw new IllegalArgumentException("text is searched by hash");
            case Key.Composite composite -> throw new IllegalArgumentException("columns are searched one by one");
        };
    }
}

package dev.pando.core.topology;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An immutable map of numbers, eight bytes an entry. Equal by what it holds. */
public final class IntMap {
    /** What {@link #get} says of a number that is not there; OIDs are never zero. */
    public static final int NONE = 0;

    public static final IntMap EMPTY = new IntMap(new int[0], new int[0]);

    private final int[] keys;
    private final int[] values;

    private IntMap(int[] keys, int[] values) {
        this.keys = keys;
        this.values = values;
    }

    public static IntMap of(Map<Integer, Integer> entries) {
        TreeMap<Integer, Integer> sorted = new TreeMap<>(entries);
        return new IntMap(
                sorted.keySet().stream().mapToInt(Integer::intValue).toArray(),
                sorted.values().stream().mapToInt(Integer::intValue).toArray());
    }

    public int get(int key) {
        int at = Arrays.binarySearch(keys, key);
        return at < 0 ? NONE : values[at];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IntMap map && Arrays.equals(keys, map.keys) && Arrays.equals(values, map.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(keys) * 31 + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return keys.length + " numbers";
    }
}

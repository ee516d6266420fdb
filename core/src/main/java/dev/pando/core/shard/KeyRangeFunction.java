package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Key ranges as Vitess writes them, {@code -40}, {@code 40-80}, {@code 80-c0}, {@code c0-}, over the keyspace id of a key: the first eight
 * bytes of its MD5 as {@link Keyspace} takes it (for text this is Vitess's {@code binary_md5}). The ranges cover the keyspace without gap
 * or overlap. Splitting a shard means splitting its range; no other key moves.
 */
public final class KeyRangeFunction implements ShardingFunction {
    private static final int MAX_DIGITS = 16;

    private final KeyColumns columns;
    /** Hex bounds between the ranges, ascending; hex text of equal case sorts as the bytes it writes. */
    private final List<String> bounds;

    private final long[] starts;
    private final Intervals intervals;

    private KeyRangeFunction(KeyColumns columns, List<String> bounds, Intervals intervals) {
        this.columns = columns;
        this.bounds = bounds;
        this.starts = bounds.stream().mapToLong(KeyRangeFunction::token).toArray();
        this.intervals = intervals;
    }

    static KeyRangeFunction parse(Settings settings, KeyColumns columns) {
        String text = settings.text("ranges");
        List<String> bounds = text == null ? even(columns.shardCount()) : bounds(settings, SettingList.parse(text));
        Intervals intervals = Intervals.parse(settings, bounds.size() + 1, columns);
        settings.refuseUnknown();
        return new KeyRangeFunction(columns, bounds, intervals);
    }

    /** Equal parts, written with as few digits as are exact for powers of two, and four otherwise. */
    private static List<String> even(int shards) {
        int digits = shards <= 256 && Integer.bitCount(shards) == 1 ? 2 : 4;
        List<String> bounds = new ArrayList<>();
        for (int i = 1; i < shards; i++) {
            long start = ((long) i << (4 * digits)) / shards;
            bounds.add(HexFormat.of().toHexDigits(start, digits));
        }
        return bounds;
    }

    private static List<String> bounds(Settings settings, List<String> ranges) {
        List<String> bounds = new ArrayList<>();
        String end = "";
        for (int i = 0; i < ranges.size(); i++) {
            String range = ranges.get(i).toLowerCase(java.util.Locale.ROOT);
            int hyphen = range.indexOf('-');
            String start = hyphen < 0 ? "" : range.substring(0, hyphen);
            boolean follows = hyphen >= 0 && start.equals(end) && (i == 0) == start.isEmpty();
            if (!follows) {
                throw settings.refused("ranges", "\"" + ranges.get(i) + "\" does not begin where the one before ends");
            }
            end = range.substring(hyphen + 1);
            if (!end.isEmpty()) {
                requireHex(settings, end);
                long least = bounds.isEmpty() ? 0 : token(bounds.getLast());
                if (Long.compareUnsigned(least, token(end)) >= 0) {
                    throw settings.refused("ranges", "\"" + ranges.get(i) + "\" is empty");
                }
                bounds.add(end);
            }
        }
        if (!end.isEmpty() || ranges.isEmpty()) {
            throw settings.refused("ranges", "the last range must have no end, as in c0-");
        }
        return List.copyOf(bounds);
    }

    private static void requireHex(Settings settings, String digits) {
        if (digits.length() % 2 != 0
                || digits.length() > MAX_DIGITS
                || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw settings.refused("ranges", "\"" + digits + "\" is not 2 to 16 hex digits, in pairs");
        }
    }

    private static long token(String hex) {
        return HexFormat.fromHexDigitsToLong(hex) << (4 * (MAX_DIGITS - hex.length()));
    }

    @Override
    public String name() {
        return "keyrange";
    }

    @Override
    public int shardCount() {
        return columns.shardCount();
    }

    @Override
    public List<KeyType> keyTypes() {
        return columns.types();
    }

    /** The keyspace id of a key, an unsigned number. */
    public long keyspaceId(Key key) {
        return Keyspace.tokenOf(columns.require(key));
    }

    @Override
    public int shardOf(Key key) {
        long id = keyspaceId(key);
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(starts[middle], id) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return intervals.owner(low);
    }

    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        String digest = Keyspace.digestSql(columns, quotedKeyColumns);
        String predicate = intervals.predicate(
                shard,
                i -> i == 0 ? null : digest + " >= '" + bounds.get(i - 1) + "'",
                i -> i == bounds.size() ? null : digest + " < '" + bounds.get(i) + "'");
        return columns.check(shard, quotedKeyColumns, predicate);
    }

    @Override
    public Map<String, String> settings() {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i <= bounds.size(); i++) {
            ranges.add((i == 0 ? "" : bounds.get(i - 1)) + "-" + (i == bounds.size() ? "" : bounds.get(i)));
        }
        return Map.of("ranges", SettingList.format(ranges), "shards", intervals.setting());
    }

    /** The part of the keyspace that belongs to a shard, 0 to 1. */
    double shareOf(int shard) {
        double share = 0;
        for (int i = 0; i <= starts.length; i++) {
            if (intervals.owner(i) == shard) {
                double from = i == 0 ? 0 : fraction(starts[i - 1]);
                double to = i == starts.length ? 1 : fraction(starts[i]);
                share += to - from;
            }
        }
        return share;
    }

    private static double fraction(long unsigned) {
        return (unsigned >>> 1) * 0x1p-63;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return ShardingFunctions.equal(this, other);
    }

    @Override
    public int hashCode() {
        return ShardingFunctions.hash(this);
    }
}

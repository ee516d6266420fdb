package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adjacent ranges of the key's first column, lower bound inclusive, upper exclusive, in PostgreSQL's order (text: {@code COLLATE "C"},
 * whatever the column's collation). The ranges are given by the bounds between them, so there is no gap between two; everything is
 * covered unless {@code from} or {@code to} say that keys outside them have no shard and are refused.
 */
public final class RangeFunction implements ShardingFunction {
    private final KeyColumns columns;
    private final List<Key> bounds;
    private final @Nullable Key from;
    private final @Nullable Key to;
    private final Intervals intervals;

    private RangeFunction(
            KeyColumns columns, List<Key> bounds, @Nullable Key from, @Nullable Key to, Intervals intervals) {
        this.columns = columns;
        this.bounds = bounds;
        this.from = from;
        this.to = to;
        this.intervals = intervals;
    }

    static RangeFunction parse(Settings settings, KeyColumns columns) {
        String list = settings.text("bounds");
        List<Key> bounds = list == null ? initials(settings, columns) : keys(columns, SettingList.parse(list));
        Key from = oneKey(settings, columns, "from");
        Key to = oneKey(settings, columns, "to");
        Intervals intervals = Intervals.parse(settings, bounds.size() + 1, columns);
        settings.refuseUnknown();
        List<Key> all = new ArrayList<>(bounds);
        if (from != null) {
            all.addFirst(from);
        }
        if (to != null) {
            all.addLast(to);
        }
        for (int i = 1; i < all.size(); i++) {
            if (KeyOrder.INSTANCE.compare(all.get(i - 1), all.get(i)) >= 0) {
                throw settings.refused(
                        "bounds", "\"" + all.get(i - 1) + "\" does not come before \"" + all.get(i) + "\"");
            }
        }
        return new RangeFunction(columns, List.copyOf(bounds), from, to, intervals);
    }

    /** A–H, I–P, Q–Z: the letters in equal runs, the last run takes the rest. For text without bounds only. */
    private static List<Key> initials(Settings settings, KeyColumns columns) {
        int shards = columns.shardCount();
        if (shards > 1 && (columns.firstType() != KeyType.TEXT || shards > 26)) {
            throw settings.refused("bounds", "missing; give " + (shards - 1) + " values that separate the shards");
        }
        List<Key> bounds = new ArrayList<>();
        for (int shard = 1; shard < shards; shard++) {
            bounds.add(new Key.Text(Character.toString('A' + shard * (26 / shards))));
        }
        return bounds;
    }

    private static @Nullable Key oneKey(Settings settings, KeyColumns columns, String name) {
        String text = settings.text(name);
        return text == null ? null : keys(columns, List.of(text)).getFirst();
    }

    private static List<Key> keys(KeyColumns columns, List<String> texts) {
        return texts.stream()
                .map(text -> KeyCodec.fromText(columns.firstType(), text))
                .toList();
    }

    @Override
    public String name() {
        return "range";
    }

    @Override
    public int shardCount() {
        return columns.shardCount();
    }

    @Override
    public List<KeyType> keyTypes() {
        return columns.types();
    }

    @Override
    public boolean covers(Key key) {
        Key first = key.first();
        return (from == null || KeyOrder.INSTANCE.compare(first, from) >= 0)
                && (to == null || KeyOrder.INSTANCE.compare(first, to) < 0);
    }

    @Override
    public int shardOf(Key key) {
        Key first = columns.require(key).first();
        if (!covers(key)) {
            throw columns.notCovered(key, "no shard covers it");
        }
        int found = Collections.binarySearch(bounds, first, KeyOrder.INSTANCE);
        return intervals.owner(found < 0 ? -found - 1 : found + 1);
    }

    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        KeyType type = columns.firstType();
        String column = quotedKeyColumns.getFirst() + (type == KeyType.TEXT ? " COLLATE \"C\"" : "");
        String predicate = intervals.predicate(
                shard,
                i -> comparison(column, ">=", i == 0 ? from : bounds.get(i - 1)),
                i -> comparison(column, "<", i == bounds.size() ? to : bounds.get(i)));
        return columns.check(shard, quotedKeyColumns, predicate);
    }

    private @Nullable String comparison(String column, String operator, @Nullable Key bound) {
        return bound == null ? null : column + " " + operator + " " + SqlText.constant(columns.firstType(), bound);
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "bounds", SettingList.format(bounds.stream().map(Key::toString).toList()));
        settings.put("shards", intervals.setting());
        if (from != null) {
            settings.put("from", from.toString());
        }
        if (to != null) {
            settings.put("to", to.toString());
        }
        return Collections.unmodifiableMap(settings);
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

package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which shard owns each of some adjacent intervals. A shard may own several, and neighbours of one owner are one run in SQL. */
final class Intervals {
    private final short[] owners;

    private Intervals(short[] owners) {
        this.owners = owners;
    }

    /** The owners listed in the setting {@code shards}; without it, interval i belongs to shard i. */
    static Intervals parse(Settings settings, int count, KeyColumns columns) {
        String text = settings.text("shards");
        short[] owners = new short[count];
        if (text == null) {
            if (count != columns.shardCount()) {
                throw settings.refused(
                        "shards",
                        "missing, and " + count + " ranges for " + columns.shardCount()
                                + " shards are not one for each");
            }
            for (int i = 0; i < count; i++) {
                owners[i] = (short) i;
            }
            return new Intervals(owners);
        }
        List<String> items = SettingList.parse(text);
        if (items.size() != count) {
            throw settings.refused("shards", items.size() + " shards for " + count + " ranges");
        }
        for (int i = 0; i < count; i++) {
            owners[i] = (short) columns.requireShard(settings.number("shards", items.get(i)));
        }
        return new Intervals(owners);
    }

    int owner(int interval) {
        return owners[interval];
    }

    int count() {
        return owners.length;
    }

    String setting() {
        List<String> items = new ArrayList<>();
        for (short owner : owners) {
            items.add(Short.toString(owner));
        }
        return SettingList.format(items);
    }

    /** SQL for one end of an interval; null where it is open. */
    interface End {
        @Nullable
        String sql(int interval);
    }

    /** True for exactly the intervals of {@code shard}; empty if that is everything. */
    String predicate(int shard, End lower, End upper) {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < owners.length; i++) {
            if (owners[i] != shard) {
                continue;
            }
            int first = i;
            while (i + 1 < owners.length && owners[i + 1] == shard) {
                i++;
            }
            List<String> ends = new ArrayList<>();
            addIfPresent(ends, lower.sql(first));
            addIfPresent(ends, upper.sql(i));
            if (ends.isEmpty()) {
                return "";
            }
            runs.add(String.join(" AND ", ends));
        }
        return switch (runs.size()) {
            case 0 -> "false";
            case 1 -> runs.getFirst();
            default -> "((" + String.join(") OR (", runs) + "))";
        };
    }

    private static void addIfPresent(List<String> ends, @Nullable String end) {
        if (end != null) {
            ends.add(end);
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(owners);
    }
}

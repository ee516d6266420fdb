package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Listed values of the key's first column, each with its shard; a default shard for all others, or none, and then others are refused.
 * The preset {@code geography} lists regions and countries, see {@link Geography}.
 */
public final class ListFunction implements ShardingFunction {
    private final KeyColumns columns;
    private final Map<Key, Integer> listed;
    private final @Nullable Integer defaultShard;

    private ListFunction(KeyColumns columns, Map<Key, Integer> listed, @Nullable Integer defaultShard) {
        this.columns = columns;
        this.listed = Map.copyOf(listed);
        this.defaultShard = defaultShard;
    }

    static ListFunction parse(Settings settings, KeyColumns columns) {
        Map<String, String> lists = new TreeMap<>(preset(settings));
        lists.putAll(settings.prefixed("shard."));
        int otherwise = settings.integer("default", -1);
        settings.refuseUnknown();
        Map<Key, Integer> listed = new HashMap<>();
        lists.forEach((number, values) -> {
            int shard = columns.requireShard(settings.number("shard." + number, number));
            for (String value : SettingList.parse(values)) {
                Integer other = listed.put(KeyCodec.fromText(columns.firstType(), value), shard);
                if (other != null) {
                    throw settings.refused(
                            "shard." + number, "\"" + value + "\" is listed twice, also for shard " + other);
                }
            }
        });
        if (listed.isEmpty()) {
            throw settings.refused("shard.0", "no values are listed for any shard");
        }
        return new ListFunction(columns, listed, otherwise == -1 ? null : columns.requireShard(otherwise));
    }

    private static Map<String, String> preset(Settings settings) {
        String preset = settings.text("preset");
        if (preset == null) {
            return Map.of();
        }
        if (!preset.equals("geography")) {
            throw settings.refused("preset", "\"" + preset + "\" is unknown; there is geography");
        }
        return Geography.LISTS;
    }

    @Override
    public String name() {
        return "list";
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
        return defaultShard != null || listed.containsKey(key.first());
    }

    @Override
    public int shardOf(Key key) {
        Integer shard = listed.get(columns.require(key).first());
        if (shard != null) {
            return shard;
        }
        if (defaultShard == null) {
            throw columns.notCovered(key, "it is listed for no shard and there is no default shard");
        }
        return defaultShard;
    }

    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        boolean others = defaultShard != null && defaultShard == shard;
        List<Key> keys = new ArrayList<>();
        listed.forEach((key, owner) -> {
            if ((owner == shard) != others) {
                keys.add(key);
            }
        });
        keys.sort(KeyOrder.INSTANCE);
        if (keys.isEmpty()) {
            return columns.check(shard, quotedKeyColumns, others ? "" : "false");
        }
        String member = Membership.sql(columns.firstType(), quotedKeyColumns.getFirst(), keys);
        return columns.check(shard, quotedKeyColumns, others ? "NOT (" + member + ")" : member);
    }

    @Override
    public Map<String, String> settings() {
        Map<Integer, List<Key>> byShard = new TreeMap<>();
        listed.forEach((key, shard) ->
                byShard.computeIfAbsent(shard, none -> new ArrayList<>()).add(key));
        Map<String, String> settings = new TreeMap<>();
        byShard.forEach((shard, keys) -> {
            keys.sort(KeyOrder.INSTANCE);
            settings.put(
                    "shard." + shard,
                    SettingList.format(keys.stream().map(Key::toString).toList()));
        });
        if (defaultShard != null) {
            settings.put("default", defaultShard.toString());
        }
        return java.util.Collections.unmodifiableMap(settings);
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

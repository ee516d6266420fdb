package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Every function in every form its SQL can take, for given key types and keys. */
final class FunctionSamples {
    private final List<KeyType> types;
    private final List<Key> keys;
    private final KeySamples samples;
    private final Random random;
    private final Map<String, ShardingFunction> functions = new TreeMap<>();

    private FunctionSamples(List<KeyType> types, List<Key> keys, long seed) {
        this.types = types;
        this.keys = keys;
        this.samples = new KeySamples(seed);
        this.random = new Random(seed);
    }

    /** By a name that says what is special. */
    static Map<String, ShardingFunction> of(int shards, List<KeyType> types, List<Key> keys, long seed) {
        FunctionSamples all = new FunctionSamples(types, keys, seed);
        all.hashed(shards);
        all.ranges(shards);
        all.lists(shards);
        all.directories(shards);
        return all.functions;
    }

    private void hashed(int shards) {
        HashFunction hash = HashFunction.even(shards, types);
        functions.put("hash", hash);
        functions.put("hash, 64 buckets", HashFunction.even(64, shards, types));
        HashFunction scattered = hash;
        for (int i = 0; i < 50; i++) {
            int from = random.nextInt(HashFunction.DEFAULT_BUCKETS);
            int to = Math.min(HashFunction.DEFAULT_BUCKETS, from + random.nextInt(40));
            scattered = scattered.withBuckets(from, to, random.nextInt(shards), shards);
        }
        functions.put("hash, scattered", scattered);
        functions.put("ring", RingFunction.of(shards, types));
        put("ring, 3 nodes", "ring", shards, Map.of("virtual_nodes", "3"));
        put("keyrange", "keyrange", shards, Map.of());
        if (shards == 3) {
            put(
                    "keyrange, split",
                    "keyrange",
                    shards,
                    Map.of(
                            "ranges",
                            "-0a,0a-0B7f,0b7f-80,80-ffffffffffffff00,ffffffffffffff00-",
                            "shards",
                            "2,0,1,0,2"));
        }
    }

    private void ranges(int shards) {
        List<Key> bounds = samples.someInOrder(keys, shards + 2);
        put("range", "range", shards, Map.of("bounds", list(bounds.subList(1, shards))));
        Map<String, String> limited = new HashMap<>();
        limited.put("bounds", list(bounds.subList(1, shards + 1)));
        limited.put("shards", owners(shards + 1, shards));
        limited.put("from", bounds.getFirst().toString());
        limited.put("to", bounds.getLast().toString());
        put("range, limited", "range", shards, limited);
        if (types.getFirst() == KeyType.TEXT && shards <= 26) {
            put("range, initials", "range", shards, Map.of());
        }
    }

    private void lists(int shards) {
        int size = shards == 4 ? 100 : 8;
        Map<String, String> lists = new HashMap<>();
        List<Key> values = samples.someInOrder(keys, size * shards);
        for (int shard = 0; shard < shards; shard++) {
            lists.put("shard." + shard, list(values.subList(size * shard, size * shard + size)));
        }
        put("list", "list", shards, lists);
        lists.remove("shard." + (shards - 1));
        lists.put("default", "0");
        if (shards > 1) {
            put("list, default", "list", shards, lists);
        }
        if (types.getFirst() == KeyType.TEXT && shards == 3) {
            put("geography", "list", shards, Map.of("preset", "geography"));
        }
    }

    private void directories(int shards) {
        ShardingFunction limited = java.util.Objects.requireNonNull(functions.get("range, limited"));
        for (ShardingFunction base : List.of(HashFunction.even(shards, types), limited)) {
            Map<Key, Integer> pins = new HashMap<>();
            for (int i = 0; i < (shards == 3 ? 2500 : 100); i++) {
                pins.put(keys.get(random.nextInt(keys.size())), random.nextInt(shards));
            }
            functions.put(
                    "directory over " + base.name(),
                    DirectoryFunction.over(base).withPins(pins));
        }
    }

    private void put(String title, String name, int shards, Map<String, String> settings) {
        functions.put(title, ShardingFunctions.parse(name, settings, shards, types));
    }

    /** Each shard at least once, the rest anywhere. */
    private String owners(int count, int shards) {
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            owners.add(Integer.toString(i < shards ? i : random.nextInt(shards)));
        }
        java.util.Collections.shuffle(owners, random);
        return SettingList.format(owners);
    }

    private static String list(List<Key> keys) {
        return SettingList.format(keys.stream().map(Key::toString).toList());
    }
}

package dev.pando.jmh;

import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a key to its shard, on four shards. */
@State(Scope.Benchmark)
public class RoutingBench extends NanosecondsPerCall {
    private static final int KEYS = 1024;
    private static final long SEED = 20261121;

    @Param({"hash", "ring", "keyrange"})
    public String function = "hash";

    @Param({"INT8", "UUID", "TEXT"})
    public KeyType type = KeyType.INT8;

    private ShardingFunction sharding = ShardingFunctions.parse("hash", Map.of(), 1, List.of(KeyType.INT8));
    private Key[] keys = {};
    private int next;

    @Setup
    public void prepare() {
        sharding = ShardingFunctions.parse(function, Map.of(), 4, List.of(type));
        Random random = new Random(SEED);
        Supplier<Key> key = switch (type) {
            case INT2 -> () -> new Key.Int((short) random.nextInt());
            case INT4 -> () -> new Key.Int(random.nextInt());
            case INT8 -> () -> new Key.Int(random.nextLong());
            case UUID -> () -> new Key.Uuid(new UUID(random.nextLong(), random.nextLong()));
            case TEXT -> () -> new Key.Text("user-" + random.nextInt());
        };
        keys = Stream.generate(key).limit(KEYS).toArray(Key[]::new);
    }

    @Benchmark
    public int shardOf() {
        next = (next + 1) & (KEYS - 1);
        return sharding.shardOf(keys[next]);
    }
}

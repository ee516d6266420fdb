package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Shares against the shards that many keys really get. */
class KeySharesTest {
    private static final int KEYS = 40_000;

    private static ShardingFunction function(String name, Map<String, String> settings, int shards) {
        return ShardingFunctions.parse(name, settings, shards, List.of(KeyType.INT8));
    }

    private static void agreesWithKeys(ShardingFunction function) {
        List<Integer> counts = new ArrayList<>(Collections.nCopies(function.shardCount(), 0));
        for (long key = 0; key < KEYS; key++) {
            int shard = function.shardOf(new Key.Int(key));
            counts.set(shard, counts.get(shard) + 1);
        }
        double sum = 0;
        for (int shard = 0; shard < function.shardCount(); shard++) {
            double share = KeyShares.of(function, shard).orElseThrow();
            assertThat(share).isCloseTo((double) counts.get(shard) / KEYS, within(0.01));
            sum += share;
        }
        assertThat(sum).isCloseTo(1, within(1e-9));
    }

    @Test
    void sharesAreThoseOfRealKeys() {
        agreesWithKeys(function("hash", Map.of(), 3));
        agreesWithKeys(function("hash", Map.of("map", "0:0,1024:1,3000:2,4000:1"), 3));
        agreesWithKeys(function("ring", Map.of(), 1));
        agreesWithKeys(function("ring", Map.of("virtual_nodes", "1"), 1));
        agreesWithKeys(function("ring", Map.of("virtual_nodes", "3"), 4));
        agreesWithKeys(function("ring", Map.of(), 4));
        agreesWithKeys(function("keyrange", Map.of(), 3));
        agreesWithKeys(function("keyrange", Map.of("ranges", "-10,10-a000,a000-", "shards", "1,0,1"), 2));
        agreesWithKeys(function("directory", Map.of("base", "ring", "pins.0", "7"), 4));
    }

    @Test
    void functionsOfValuesCannotTell() {
        assertThat(KeyShares.of(function("range", Map.of("bounds", "10"), 2), 0))
                .isEmpty();
        assertThat(KeyShares.of(function("list", Map.of("shard.0", "1", "shard.1", "2"), 2), 1))
                .isEmpty();
    }
}

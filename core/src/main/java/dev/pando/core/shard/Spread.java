package dev.pando.core.shard;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** How many keys each shard has, by shard number. */
public record Spread(List<Long> counts) {
    public Spread {
        counts = List.copyOf(counts);
    }

    public static Spread of(ShardingFunction function, Stream<? extends Key> keys) {
        long[] counts = new long[function.shardCount()];
        keys.forEachOrdered(key -> counts[function.shardOf(key)]++);
        return new Spread(LongStream.of(counts).boxed().toList());
    }

    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Largest share divided by smallest; 1 is perfect, infinite if a shard has nothing. */
    public double imbalance() {
        return (double) Collections.max(counts) / Collections.min(counts);
    }
}

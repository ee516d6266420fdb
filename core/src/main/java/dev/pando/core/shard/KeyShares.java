package dev.pando.core.shard;

import java.util.OptionalDouble;

/** Which part of all possible keys a function gives to a shard. */
public final class KeyShares {
    private KeyShares() {}

    /**
     * From 0 to 1: of the buckets, the circle, or the keyspace. Pins count for nothing, as they are single keys. Empty for functions of
     * values (range, list), whose shares depend on which values there are.
     */
    public static OptionalDouble of(ShardingFunction function, int shard) {
        return switch (function) {
            case HashFunction hash -> OptionalDouble.of(ofBuckets(hash, shard));
            case RingFunction ring -> OptionalDouble.of(ring.shareOf(shard));
            case KeyRangeFunction ranges -> OptionalDouble.of(ranges.shareOf(shard));
            case DirectoryFunction directory -> of(directory.base(), shard);
            case SchemaFunction schema -> OptionalDouble.of(ofBuckets(schema.byName(), shard));
            case RangeFunction range -> OptionalDouble.empty();
            case ListFunction list -> OptionalDouble.empty();
        };
    }

    private static double ofBuckets(HashFunction hash, int shard) {
        int own = 0;
        for (int bucket = 0; bucket < hash.bucketCount(); bucket++) {
            if (hash.shardOfBucket(bucket) == shard) {
                own++;
            }
        }
        return (double) own / hash.bucketCount();
    }
}

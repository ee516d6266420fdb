package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own hash partitioning over a fixed number of buckets, and an explicit map from buckets to shards. A key's bucket is the
 * number of the partition it would have in a table with that many hash partitions ({@code satisfies_hash_partition} agrees), and never
 * changes; shards are added or relieved by giving buckets to another shard.
 *
 * <p>The number of buckets is a power of two, so that a bucket is the low bits of the hash and SQL can compute it in signed 64-bit
 * arithmetic without an overflow. The default, 4096, is a compromise: the shares of up to 100 shards differ by at most 2.5 % (with 256
 * buckets, 100 shards would have two or three each), a bucket of a 4 TB table is 1 GB, a piece that copies and verifies in a minute, and
 * the whole map takes 8 KB.
 *
 * <p>Why a key has at most four columns: PostgreSQL combines h1, h2 as {@code s ^ (h + K + (s << 54) + (s >>> 7))}. The low n bits of
 * that need the low n + 7 bits of s and, while n stays under 54, nothing of {@code s << 54}. So each further column costs seven bits,
 * and one more occurrence of all columns before it in the SQL text.
 */
public final class HashFunction implements ShardingFunction {
    public static final int DEFAULT_BUCKETS = 4096;
    private static final int MAX_BUCKETS = 1 << 16;

    private final KeyColumns columns;
    private final short[] shards;

    private HashFunction(KeyColumns columns, short[] shards) {
        this.columns = columns;
        this.shards = shards;
    }

    /** {@link #DEFAULT_BUCKETS} buckets in one contiguous run per shard, as even as can be. */
    public static HashFunction even(int shardCount, List<KeyType> keyTypes) {
        return even(DEFAULT_BUCKETS, shardCount, keyTypes);
    }

    public static HashFunction even(int buckets, int shardCount, List<KeyType> keyTypes) {
        KeyColumns columns = new KeyColumns(shardCount, keyTypes);
        requireBuckets(buckets, shardCount);
        short[] shards = new short[buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            shards[bucket] = (short) ((long) bucket * shardCount / buckets);
        }
        return new HashFunction(columns, shards);
    }

    static HashFunction parse(Settings settings, KeyColumns columns) {
        int buckets = settings.integer("buckets", DEFAULT_BUCKETS);
        String map = settings.text("map");
        settings.refuseUnknown();
        HashFunction even = even(buckets, columns.shardCount(), columns.types());
        return map == null ? even : new HashFunction(columns, readMap(settings, map, buckets, columns));
    }

    @Override
    public String name() {
        return "hash";
    }

    @Override
    public int shardCount() {
        return columns.shardCount();
    }

    @Override
    public List<KeyType> keyTypes() {
        return columns.types();
    }

    public int bucketCount() {
        return shards.length;
    }

    /** The bucket of a key, from 0. */
    public int bucketOf(Key key) {
        return (int) PostgresHash.ofRow(columns.require(key)) & (shards.length - 1);
    }

    public int shardOfBucket(int bucket) {
        return shards[bucket];
    }

    @Override
    public int shardOf(Key key) {
        return shards[bucketOf(key)];
    }

    /** The same function after the buckets {@code from} up to, not including, {@code to} went to {@code shard}. */
    public HashFunction withBuckets(int from, int to, int shard, int newShardCount) {
        KeyColumns newColumns = new KeyColumns(newShardCount, columns.types());
        requireBuckets(shards.length, newShardCount);
        newColumns.requireShard(shard);
        short[] moved = shards.clone();
        java.util.Arrays.fill(moved, from, to, (short) shard);
        for (short owner : moved) {
            newColumns.requireShard(owner);
        }
        return new HashFunction(newColumns, moved);
    }

    /** An SQL expression of type bigint for {@link #bucketOf}. */
    public String bucketSql(List<String> quotedKeyColumns) {
        return lowBits(quotedKeyColumns, Integer.numberOfTrailingZeros(shards.length));
    }

    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        return columns.check(shard, quotedKeyColumns, predicate(shard, quotedKeyColumns));
    }

    private String predicate(int shard, List<String> names) {
        int first = 0;
        while (first < shards.length && shards[first] != shard) {
            first++;
        }
        int end = first;
        while (end < shards.length && shards[end] == shard) {
            end++;
        }
        if (end - first == shards.length) {
            return "";
        }
        for (int bucket = end; bucket < shards.length; bucket++) {
            if (shards[bucket] == shard) {
                return "get_bit(" + bitmap(shard) + ", " + bucketSql(names) + ") = 1";
            }
        }
        return first == end ? "false" : bucketSql(names) + " BETWEEN " + first + " AND " + (end - 1);
    }

    /** One bit per bucket, for a shard whose buckets are in several runs; get_bit counts from the lowest bit of the first byte. */
    private String bitmap(int shard) {
        byte[] bits = new byte[Math.max(1, shards.length / 8)];
        for (int bucket = 0; bucket < shards.length; bucket++) {
            if (shards[bucket] == shard) {
                bits[bucket >> 3] |= (byte) (1 << (bucket & 7));
            }
        }
        return "decode('" + java.util.HexFormat.of().formatHex(bits) + "', 'hex')";
    }

    /** The low bits of the combined hash; each term is masked before it is added, so that the sum stays far from 2^63. */
    private String lowBits(List<String> names, int bits) {
        int last = names.size() - 1;
        long mask = (1L << bits) - 1;
        String sum = "(" + columnHash(columns.types().get(last), names.get(last)) + " & " + mask + ") + "
                + (PostgresHash.COMBINE_CONSTANT & mask);
        if (last == 0) {
            return "((" + sum + ") & " + mask + ")";
        }
        String before = lowBits(names.subList(0, last), bits + 7);
        return "((" + before + " # (" + sum + " + (" + before + " >> 7))) & " + mask + ")";
    }

    private static String columnHash(KeyType type, String name) {
        String function = switch (type) {
            case INT2 -> "hashint2extended";
            case INT4 -> "hashint4extended";
            case INT8 -> "hashint8extended";
            case UUID -> "uuid_hash_extended";
            case TEXT -> "hashtextextended";
        };
        return function + "(" + name + ", " + PostgresHash.PARTITION_SEED + ")";
    }

    @Override
    public Map<String, String> settings() {
        List<String> runs = new ArrayList<>();
        for (int bucket = 0; bucket < shards.length; bucket++) {
            if (bucket == 0 || shards[bucket] != shards[bucket - 1]) {
                runs.add(bucket + ":" + shards[bucket]);
            }
        }
        return Map.of("buckets", Integer.toString(shards.length), "map", SettingList.format(runs));
    }

    /** Runs as {@code firstBucket:shard}, ascending from 0; each ends where the next begins. */
    private static short[] readMap(Settings settings, String map, int buckets, KeyColumns columns) {
        short[] shards = new short[buckets];
        int next = 0;
        for (String run : SettingList.parse(map)) {
            int colon = run.indexOf(':');
            if (colon < 0) {
                throw settings.refused("map", "\"" + run + "\" is not of the form bucket:shard");
            }
            int from = settings.number("map", run.substring(0, colon));
            int shard = columns.requireShard(settings.number("map", run.substring(colon + 1)));
            if (next == 0 ? from != 0 : from < next || from >= buckets) {
                throw settings.refused(
                        "map", "bucket " + from + " is not in ascending order from 0 to " + (buckets - 1));
            }
            java.util.Arrays.fill(shards, from, buckets, (short) shard);
            next = from + 1;
        }
        if (next == 0) {
            throw settings.refused("map", "it is empty");
        }
        return shards;
    }

    private static void requireBuckets(int buckets, int shardCount) {
        if (buckets < shardCount || buckets > MAX_BUCKETS || Integer.bitCount(buckets) != 1) {
            throw KeyColumns.refused("buckets must be a power of two from the number of shards (" + shardCount + ") to "
                    + MAX_BUCKETS + ", not " + buckets);
        }
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

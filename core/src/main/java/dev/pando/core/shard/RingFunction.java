package dev.pando.core.shard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing: every shard has the same number of virtual nodes on the {@link Keyspace} circle, and a key belongs to the first
 * virtual node after it. Virtual node j of shard i lies at the first eight bytes of {@code MD5("vnode-i-j")}, so the points of a
 * shard never depend on how many others there are: adding shard n takes about 1/(n + 1) of the keys, from all others, and moves no other.
 * The price is chance: shares differ by some ten percent, where {@link HashFunction} is even. The names of the virtual nodes are part of
 * that chance; of thirty spellings tried, this one had the smallest worst case (largest ÷ smallest share) from two to eight shards: 1.20,
 * and 1.083 at four.
 */
public final class RingFunction implements ShardingFunction {
    public static final int DEFAULT_VIRTUAL_NODES = 150;
    private static final int MAX_VIRTUAL_NODES = 1000;

    private final KeyColumns columns;
    private final int virtualNodes;
    /** Ascending with the sign bit flipped, so that unsigned order is signed order. */
    private final long[] tokens;

    private final short[] owners;

    private RingFunction(KeyColumns columns, int virtualNodes) {
        this.columns = columns;
        this.virtualNodes = virtualNodes;
        Map<Long, Short> ring = new TreeMap<>();
        for (int shard = 0; shard < columns.shardCount(); shard++) {
            for (int node = 0; node < virtualNodes; node++) {
                // Should two nodes ever meet, the lower shard keeps the point.
                ring.putIfAbsent(flipped(pointOf(shard, node)), (short) shard);
            }
        }
        tokens = ring.keySet().stream().mapToLong(Long::longValue).toArray();
        owners = new short[tokens.length];
        int at = 0;
        for (short owner : ring.values()) {
            owners[at++] = owner;
        }
    }

    public static RingFunction of(int shardCount, List<KeyType> keyTypes) {
        return new RingFunction(new KeyColumns(shardCount, keyTypes), DEFAULT_VIRTUAL_NODES);
    }

    static RingFunction parse(Settings settings, KeyColumns columns) {
        int virtualNodes = settings.integer("virtual_nodes", DEFAULT_VIRTUAL_NODES);
        settings.refuseUnknown();
        if (virtualNodes < 1 || virtualNodes > MAX_VIRTUAL_NODES) {
            throw settings.refused("virtual_nodes", virtualNodes + " is not in 1 to " + MAX_VIRTUAL_NODES);
        }
        return new RingFunction(columns, virtualNodes);
    }

    @Override
    public String name() {
        return "ring";
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
    public int shardOf(Key key) {
        long token = flipped(Keyspace.tokenOf(columns.require(key)));
        int found = Arrays.binarySearch(tokens, token);
        return ownerAfter(found < 0 ? -found - 1 : found + 1);
    }

    /** The owner of keys that have {@code passed} virtual nodes before or at them; after the last comes the first. */
    private short ownerAfter(int passed) {
        return owners[passed == owners.length ? 0 : passed];
    }

    /**
     * The shard's part of the circle changes between "ours" and "not ours" at a few hundred points, neighbours being joined;
     * {@code width_bucket} counts the points passed, and whether that count is odd or even decides.
     */
    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        List<String> changes = new ArrayList<>();
        boolean startsOurs = ownerAfter(0) == shard;
        boolean ours = startsOurs;
        for (int passed = 1; passed <= tokens.length; passed++) {
            if ((ownerAfter(passed) == shard) != ours) {
                ours = !ours;
                changes.add(HexFormat.of().toHexDigits(flipped(tokens[passed - 1])));
            }
        }
        if (changes.isEmpty()) {
            return columns.check(shard, quotedKeyColumns, startsOurs ? "" : "false");
        }
        String passed = "width_bucket(" + Keyspace.digestSql(columns, quotedKeyColumns) + ", '{"
                + String.join(",", changes) + "}'::text[])";
        return columns.check(shard, quotedKeyColumns, passed + " % 2 = " + (startsOurs ? 0 : 1));
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("virtual_nodes", Integer.toString(virtualNodes));
    }

    /** The part of the circle that belongs to a shard, 0 to 1. */
    double shareOf(int shard) {
        double share = 0;
        for (int passed = 0; passed < tokens.length; passed++) {
            if (owners[passed] == shard) {
                // The first arc begins at the last virtual node and goes round through zero.
                share += fraction(tokens[passed] - tokens[passed == 0 ? tokens.length - 1 : passed - 1]);
            }
        }
        return tokens.length == 1 && share == 0 ? 1 : share;
    }

    private static double fraction(long unsigned) {
        return (unsigned >>> 1) * 0x1p-63;
    }

    private static long pointOf(int shard, int node) {
        String name = "vnode-" + shard + "-" + node;
        return Md5.of(name.getBytes(StandardCharsets.US_ASCII)).firstEight();
    }

    private static long flipped(long token) {
        return token ^ Long.MIN_VALUE;
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

package dev.pando.core.shard;

import java.util.List;
import java.util.Map;

/**
 * Decides on which shard a key lives. Immutable. Each function has two renditions, which must agree on every key: {@link #shardOf} for
 * routing, and {@link #checkSql} for PostgreSQL, which refuses a misplaced row by it and filters publications with it.
 */
public sealed interface ShardingFunction
        permits HashFunction,
                RingFunction,
                RangeFunction,
                ListFunction,
                KeyRangeFunction,
                DirectoryFunction,
                SchemaFunction {
    /** The name {@link ShardingFunctions#parse} knows it by. */
    String name();

    int shardCount();

    /** The types of the key's columns, in order. */
    List<KeyType> keyTypes();

    /**
     * The shard of a key, from 0. Throws {@code KEY_INVALID} if the function covers no shard for it, or if the key is not of
     * {@link #keyTypes()}.
     */
    int shardOf(Key key);

    /** Whether {@link #shardOf} has an answer for a key of {@link #keyTypes()}. */
    default boolean covers(Key key) {
        return true;
    }

    /**
     * A boolean SQL expression over the key's columns, given as they are written in SQL (quoted), true for exactly the keys of this shard
     * and never null. It calls built-in immutable functions only, so that it may stand in a CHECK and in a publication's WHERE. It holds
     * in databases with encoding UTF8. It is not in parentheses.
     */
    String checkSql(int shard, List<String> quotedKeyColumns);

    /** All that {@link ShardingFunctions#parse} needs, besides name, shard count and key types, to make an equal function again. */
    Map<String, String> settings();
}

package dev.pando.core.topology;

import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import java.util.List;

/** Where a table's rows live. */
public sealed interface Placement {
    /**
     * Rows are spread by a key. Tables of the same {@code group} are co-located: equal keys live on the same shard.
     */
    record Sharded(String group, ShardingFunction function, List<String> keyColumns, List<KeyType> keyTypes)
            implements Placement {
        public Sharded {
            keyColumns = List.copyOf(keyColumns);
            keyTypes = List.copyOf(keyTypes);
        }
    }

    /** The same rows on every shard. */
    record Reference() implements Placement {}

    /** All rows on one shard: home for undeclared tables, the tenant's shard for schema per tenant. */
    record Single(ShardId shard) implements Placement {}
}

package dev.pando.core.shard;

import java.util.List;

/** Which shard a key belongs to: defined once, rendered in Java and as SQL. */
public interface ShardingFunction {
    int shardCount();

    int shardOf(Key key);

    String checkSql(int shard, List<String> quotedKeyColumns);

    String name();
}

package dev.pando.core.session;

import dev.pando.core.topology.ShardId;
import java.util.List;
import java.util.Map;

/**
 * An INSERT of several rows, cut into one INSERT per shard.
 *
 * @param rowShards the shard of each row in the client's order
 */
record SplitStatement(Map<ShardId, ShardRequest> requests, List<ShardId> rowShards) {
    ShardRequest request(ShardId shard) {
        return java.util.Objects.requireNonNull(requests.get(shard));
    }
}

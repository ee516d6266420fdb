package dev.pando.core.topology;

import java.util.List;

/** One shard: the server that takes its writes and the standbys that follow it. */
public record Shard(ShardId id, String name, Address primary, List<Address> replicas) {
    public Shard {
        replicas = List.copyOf(replicas);
    }
}

package dev.pando.core.topology;

import java.util.List;

/** The shards of one database, in the order of their ids. */
public record Topology(List<Shard> shards) {
    public Topology {
        shards = List.copyOf(shards);
        for (int i = 0; i < shards.size(); i++) {
            if (shards.get(i).id().index() != i) {
                throw new IllegalArgumentException(
                        "shard " + i + " has id " + shards.get(i).id());
            }
        }
    }

    public int size() {
        return shards.size();
    }

    public Shard shard(ShardId id) {
        return shards.get(id.index());
    }
}

package dev.pando.core.topology;

/** A shard's place in the topology, from 0. Shard 0 is <em>home</em>: tables that are neither sharded nor reference live there. */
public record ShardId(int index) implements Comparable<ShardId> {
    public static final ShardId HOME = new ShardId(0);

    public ShardId {
        if (index < 0) {
            throw new IllegalArgumentException("shard index " + index);
        }
    }

    @Override
    public int compareTo(ShardId other) {
        return Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return "shard " + index;
    }
}

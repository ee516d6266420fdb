package dev.pando.lab;

import java.util.List;

/** One shard of a fleet; {@code number} counts from 0. */
public record FleetShard(int number, FleetServer primary, List<FleetServer> replicas) {
    public FleetShard {
        replicas = List.copyOf(replicas);
    }
}

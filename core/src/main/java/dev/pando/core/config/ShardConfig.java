package dev.pando.core.config;

import dev.pando.core.topology.Address;
import java.util.List;

/** One shard as configured: the server that takes its writes and its standbys. The place in the list is the shard's id. */
public record ShardConfig(String name, Address primary, List<Address> replicas) {
    public ShardConfig {
        replicas = List.copyOf(replicas);
    }
}

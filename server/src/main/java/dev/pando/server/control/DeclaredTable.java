package dev.pando.server.control;

import dev.pando.core.topology.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table's placement as somebody asked for it: by {@code pando.distribute()}, {@code pando.reference()} or the configuration. */
public sealed interface DeclaredTable {
    TableName table();

    /**
     * @param key columns in key order
     * @param function name of the sharding function; empty: that of the group, or hash
     * @param colocateWith another declared table whose group and function it shares
     * @param settings of the function
     * @param uniquePerShard accept unique constraints that each shard enforces for itself only
     */
    record Distributed(
            TableName table,
            List<String> key,
            Optional<String> function,
            Optional<TableName> colocateWith,
            Map<String, String> settings,
            boolean uniquePerShard)
            implements DeclaredTable {
        public Distributed {
            key = List.copyOf(key);
            settings = Map.copyOf(settings);
        }
    }

    record Reference(TableName table) implements DeclaredTable {}
}

package dev.pando.core.config;

import dev.pando.core.topology.TableName;
import java.util.List;
import java.util.Map;

/** How the rows of one table are to be placed. The same three things can be said in SQL with pando.distribute() and pando.reference(). */
public sealed interface TableConfig {
    TableName name();

    /**
     * Spread by a function of its own.
     *
     * @param settings of the function, in file order
     * @param uniquePerShard the operator vouches that unique constraints without the key hold by construction
     */
    record Sharded(
            TableName name, List<String> key, String function, Map<String, String> settings, boolean uniquePerShard)
            implements TableConfig {
        public Sharded {
            key = List.copyOf(key);
            settings = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(settings));
        }
    }

    /** Spread exactly as {@code with}: equal keys live on the same shard. */
    record Colocated(TableName name, List<String> key, TableName with, boolean uniquePerShard) implements TableConfig {
        public Colocated {
            key = List.copyOf(key);
        }
    }

    /** The same rows on every shard. */
    record Reference(TableName name) implements TableConfig {}
}

package dev.pando.core.route;

import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import java.util.List;

/** Which shards a statement concerns, before its values are known. */
public sealed interface Target {
    /** Exactly this one. */
    record One(ShardId shard) implements Target {}

    /** Any single shard gives the right answer (reference tables, no table at all). */
    record Any() implements Target {}

    /** The shard the open transaction or pinned session is on, else home (FETCH, SHOW, EXECUTE …). */
    record Current() implements Target {}

    record All() implements Target {}

    /**
     * Decided by key values. Every set resolves to shards of its own; the statement concerns their union. With several sets (tables that are
     * not joined on their keys) the plan is only valid as single-shard when the union is one shard.
     */
    record ByKey(List<KeySet> sets) implements Target {
        public ByKey {
            sets = List.copyOf(sets);
        }
    }

    /** Pando answers by itself. */
    record Nowhere() implements Target {}

    /**
     * Possible values for each column of a key, in key order: one for {@code =}, several for IN and ANY.
     *
     * @param table whose key it is, for messages
     * @param stored the values are those of a row to be written, so each must be a key; else they are compared with, and NULL finds nothing
     */
    record KeySet(String table, Placement.Sharded placement, List<List<ValueSource>> columns, boolean stored) {
        public KeySet {
            columns = List.copyOf(columns);
        }
    }
}

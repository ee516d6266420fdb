package dev.pando.server.control;

import dev.pando.core.shard.DirectoryFunction;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shard map as home's schema {@code pando} holds it. */
record Metadata(long epoch, Map<String, Group> groups, Map<TableName, Entry> tables, Map<String, ShardId> tenants) {
    Metadata {
        groups = Map.copyOf(groups);
        tables = Map.copyOf(tables);
        tenants = Map.copyOf(tenants);
    }

    /**
     * Tables that share a function.
     *
     * @param base the function without pins
     */
    record Group(String name, ShardingFunction base, Map<Key, Integer> pins) {
        Group {
            pins = Map.copyOf(pins);
        }

        /** Splits a function as it was declared. */
        static Group of(String name, ShardingFunction function) {
            return function instanceof DirectoryFunction directory
                    ? new Group(name, directory.base(), directory.pins())
                    : new Group(name, function, Map.of());
        }

        ShardingFunction function() {
            return pins.isEmpty() ? base : DirectoryFunction.over(base).withPins(pins);
        }

        Group withPin(Key key, int shard) {
            Map<Key, Integer> all = new HashMap<>(pins);
            all.put(key, shard);
            return new Group(name, base, all);
        }

        Group withoutPin(Key key) {
            Map<Key, Integer> all = new HashMap<>(pins);
            all.remove(key);
            return new Group(name, base, all);
        }
    }

    /**
     * A declared table.
     *
     * @param oid on home, by which a renamed table is recognised
     * @param group empty for reference tables
     */
    record Entry(
            TableName table,
            long oid,
            Optional<String> group,
            List<String> keyColumns,
            List<KeyType> keyTypes,
            boolean uniquePerShard) {
        Entry {
            keyColumns = List.copyOf(keyColumns);
            keyTypes = List.copyOf(keyTypes);
        }
    }

    Group group(String name) {
        Group group = groups.get(name);
        if (group == null) {
            throw new IllegalStateException("no group " + name);
        }
        return group;
    }

    Placement placement(Entry entry) {
        return entry.group().<Placement>map(name -> sharded(group(name), entry)).orElseGet(Placement.Reference::new);
    }

    static Placement.Sharded sharded(Group group, Entry entry) {
        ShardingFunction function = ShardingFunctions.withKeyTypes(group.function(), entry.keyTypes());
        return new Placement.Sharded(group.name(), function, entry.keyColumns(), entry.keyTypes());
    }

    List<Entry> tablesOf(String group) {
        return tables.values().stream()
                .filter(entry -> entry.group().filter(group::equals).isPresent())
                .sorted((one, other) ->
                        one.table().toString().compareTo(other.table().toString()))
                .toList();
    }
}

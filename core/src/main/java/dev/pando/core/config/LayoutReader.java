package dev.pando.core.config;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shards and tables, and what must hold between them. */
final class LayoutReader {
    private final Problems problems;
    private final Purpose purpose;

    LayoutReader(Problems problems, Purpose purpose) {
        this.problems = problems;
        this.purpose = purpose;
    }

    PandoConfig.Layout read(List<Values> shardEntries, List<Values> tableEntries, List<DatabaseConfig> databases) {
        if (purpose == Purpose.SERVE && shardEntries.isEmpty()) {
            if (databases.isEmpty()) {
                problems.add(
                        null,
                        "shards",
                        "there is nothing to serve; add a [[shards]] section with name and primary, or a [[databases]]"
                                + " section with name and servers");
            } else if (!tableEntries.isEmpty()) {
                problems.add(null, "tables", "there is no shard to distribute tables to; add [[shards]]");
            }
        }
        return new PandoConfig.Layout(shards(shardEntries), tables(tableEntries), databases);
    }

    private List<ShardConfig> shards(List<Values> entries) {
        List<ShardConfig> shards = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Address> servers = new HashSet<>();
        for (Values entry : entries) {
            if (!entry.has(ConfigKey.SHARD_NAME) || !entry.has(ConfigKey.SHARD_PRIMARY)) {
                continue;
            }
            String name = entry.text(ConfigKey.SHARD_NAME);
            if (!names.add(name)) {
                problem(entry, ConfigKey.SHARD_NAME, "shard \"" + name + "\" is there twice");
            }
            Address primary = entry.server(ConfigKey.SHARD_PRIMARY);
            if (primary.local()) {
                problem(
                        entry,
                        ConfigKey.SHARD_PRIMARY,
                        "a shard needs an address such as \"127.0.0.1:5432\", since Pando's own connections go over TCP;"
                                + " unix sockets are for servers of [[databases]]");
            }
            if (!servers.add(primary)) {
                problem(entry, ConfigKey.SHARD_PRIMARY, "server " + primary + " is there twice");
            }
            for (Address replica : entry.servers(ConfigKey.SHARD_REPLICAS)) {
                if (!servers.add(replica)) {
                    problem(entry, ConfigKey.SHARD_REPLICAS, "server " + replica + " is there twice");
                }
            }
            shards.add(new ShardConfig(name, primary, entry.servers(ConfigKey.SHARD_REPLICAS)));
        }
        return shards;
    }

    private List<TableConfig> tables(List<Values> entries) {
        Map<TableName, TableConfig> tables = new HashMap<>();
        List<TableConfig> inOrder = new ArrayList<>();
        for (Values entry : entries) {
            if (!entry.has(ConfigKey.TABLE_NAME)) {
                continue;
            }
            TableConfig table = table(entry);
            if (tables.put(table.name(), table) != null) {
                problem(entry, ConfigKey.TABLE_NAME, "table \"" + table.name() + "\" is there twice");
            }
            inOrder.add(table);
        }
        for (Values entry : entries) {
            checkColocation(entry, tables);
        }
        return inOrder;
    }

    private TableConfig table(Values entry) {
        TableName name = entry.relation(ConfigKey.TABLE_NAME);
        if (entry.flag(ConfigKey.TABLE_REFERENCE)) {
            refuseBeside(
                    entry,
                    "a reference table",
                    ConfigKey.TABLE_KEY,
                    ConfigKey.TABLE_FUNCTION,
                    ConfigKey.TABLE_SETTINGS,
                    ConfigKey.TABLE_COLOCATE_WITH,
                    ConfigKey.TABLE_UNIQUE_PER_SHARD);
            return new TableConfig.Reference(name);
        }
        if (!entry.given(ConfigKey.TABLE_KEY)) {
            problem(entry, ConfigKey.TABLE_KEY, "is missing; name the sharding key, or write reference = true");
        }
        List<String> key = entry.has(ConfigKey.TABLE_KEY) ? entry.names(ConfigKey.TABLE_KEY) : List.of();
        boolean unique = entry.flag(ConfigKey.TABLE_UNIQUE_PER_SHARD);
        if (entry.has(ConfigKey.TABLE_COLOCATE_WITH)) {
            refuseBeside(entry, "colocate_with", ConfigKey.TABLE_FUNCTION, ConfigKey.TABLE_SETTINGS);
            return new TableConfig.Colocated(name, key, entry.relation(ConfigKey.TABLE_COLOCATE_WITH), unique);
        }
        return new TableConfig.Sharded(
                name, key, entry.text(ConfigKey.TABLE_FUNCTION), entry.settings(ConfigKey.TABLE_SETTINGS), unique);
    }

    private void checkColocation(Values entry, Map<TableName, TableConfig> tables) {
        if (!entry.has(ConfigKey.TABLE_COLOCATE_WITH) || !entry.has(ConfigKey.TABLE_NAME)) {
            return;
        }
        TableName with = entry.relation(ConfigKey.TABLE_COLOCATE_WITH);
        switch (tables.get(with)) {
            case null -> {
                String meant = NearMiss.closest(
                        with.name(),
                        tables.keySet().stream().map(TableName::name).toList());
                problem(
                        entry,
                        ConfigKey.TABLE_COLOCATE_WITH,
                        "there is no table \"" + with + "\" in this file"
                                + (meant == null ? "" : "; did you mean \"" + meant + "\"?"));
            }
            case TableConfig.Reference reference ->
                problem(
                        entry,
                        ConfigKey.TABLE_COLOCATE_WITH,
                        "\"" + reference.name() + "\" is a reference table: it is on every shard");
            case TableConfig.Colocated other ->
                problem(
                        entry,
                        ConfigKey.TABLE_COLOCATE_WITH,
                        "\"" + other.name() + "\" is co-located itself; name \"" + other.with() + "\"");
            case TableConfig.Sharded other -> {
                int columns = entry.has(ConfigKey.TABLE_KEY)
                        ? entry.names(ConfigKey.TABLE_KEY).size()
                        : 0;
                if (columns > 0 && columns != other.key().size()) {
                    problem(
                            entry,
                            ConfigKey.TABLE_KEY,
                            "has " + columns + " columns, the key of \"" + other.name() + "\" has "
                                    + other.key().size());
                }
            }
        }
    }

    private void refuseBeside(Values entry, String what, ConfigKey... keys) {
        for (ConfigKey key : keys) {
            if (entry.given(key)) {
                problem(entry, key, "cannot be given for " + what);
            }
        }
    }

    private void problem(Values entry, ConfigKey key, String message) {
        problems.add(entry.position(key), entry.name(key), message);
    }
}

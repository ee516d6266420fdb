package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyCodec;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes the shard map on home. Every method works in the transaction of the connection it is given. */
final class MetadataStore {
    /** The channel that tells other nodes of a new epoch. */
    static final String CHANNEL = "pando_epoch";

    private MetadataStore() {}

    static Metadata load(Connection home, int shardCount) throws SQLException {
        Map<String, Map<List<String>, Integer>> pins = pins(home);
        Map<String, Metadata.Group> groups = new HashMap<>();
        for (Metadata.Group group : groups(home, shardCount, pins)) {
            groups.put(group.name(), group);
        }
        Map<TableName, Metadata.Entry> tables = new HashMap<>();
        for (Metadata.Entry entry : Sql.rows(
                home,
                "SELECT table_schema, table_name, home_oid::bigint AS oid, colocation, key_columns, key_types,"
                        + " unique_per_shard FROM pando.sharded_table",
                MetadataStore::entry)) {
            tables.put(entry.table(), entry);
        }
        Map<String, ShardId> tenants = new HashMap<>();
        Sql.rows(
                home,
                "SELECT schema_name, shard FROM pando.tenant_schema",
                row -> tenants.put(Sql.text(row, "schema_name"), new ShardId(row.getInt("shard"))));
        return new Metadata(epoch(home), groups, tables, tenants);
    }

    static long epoch(Connection home) throws SQLException {
        return Sql.one(home, "SELECT epoch FROM pando.epoch", row -> row.getLong("epoch"));
    }

    private static List<Metadata.Group> groups(
            Connection home, int shardCount, Map<String, Map<List<String>, Integer>> pins) throws SQLException {
        return Sql.rows(home, """
                SELECT name, function_name, shard_count, key_types,
                       ARRAY(SELECT key FROM jsonb_each_text(settings) ORDER BY key) AS setting_names,
                       ARRAY(SELECT value FROM jsonb_each_text(settings) ORDER BY key) AS setting_values
                FROM pando.colocation_group""", row -> group(row, shardCount, pins));
    }

    private static Metadata.Group group(ResultSet row, int shardCount, Map<String, Map<List<String>, Integer>> pins)
            throws SQLException {
        String name = Sql.text(row, "name");
        int stored = row.getInt("shard_count");
        if (stored != shardCount) {
            throw new PandoException(
                    PandoError.CONFIG_INVALID,
                    "the stored shard map spreads group \"" + name + "\" over " + stored
                            + " shards, the configuration has " + shardCount);
        }
        List<String> names = Sql.texts(row, "setting_names");
        List<String> values = Sql.texts(row, "setting_values");
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            settings.put(names.get(i), values.get(i));
        }
        List<KeyType> types = types(row);
        ShardingFunction base = ShardingFunctions.parse(Sql.text(row, "function_name"), settings, shardCount, types);
        Map<Key, Integer> pinned = new HashMap<>();
        pins.getOrDefault(name, Map.of()).forEach((texts, shard) -> pinned.put(key(types, texts), shard));
        return new Metadata.Group(name, base, pinned);
    }

    private static Map<String, Map<List<String>, Integer>> pins(Connection home) throws SQLException {
        Map<String, Map<List<String>, Integer>> pins = new HashMap<>();
        Sql.rows(
                home,
                "SELECT colocation, key, shard FROM pando.pin",
                row -> pins.computeIfAbsent(Sql.text(row, "colocation"), none -> new HashMap<>())
                        .put(Sql.texts(row, "key"), row.getInt("shard")));
        return pins;
    }

    private static Metadata.Entry entry(ResultSet row) throws SQLException {
        return new Metadata.Entry(
                new TableName(Sql.text(row, "table_schema"), Sql.text(row, "table_name")),
                row.getLong("oid"),
                Optional.ofNullable(row.getString("colocation")),
                Sql.texts(row, "key_columns"),
                types(row),
                row.getBoolean("unique_per_shard"));
    }

    private static List<KeyType> types(ResultSet row) throws SQLException {
        return Sql.texts(row, "key_types").stream().map(KeyType::ofName).toList();
    }

    /** A key from the text of each of its columns. */
    static Key key(List<KeyType> types, List<String> texts) {
        if (types.size() != texts.size()) {
            throw new PandoException(
                    PandoError.DISTRIBUTE_ARGUMENT,
                    "the key has " + types.size() + " columns, " + texts.size() + " values were given");
        }
        List<Key> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            parts.add(KeyCodec.fromText(types.get(i), texts.get(i)));
        }
        return Key.of(parts);
    }

    /** The text of each column of a key. */
    static List<String> texts(Key key) {
        return key instanceof Key.Composite composite
                ? composite.parts().stream().map(Key::toString).toList()
                : List.of(key.toString());
    }

    static void addGroup(Connection home, Metadata.Group group) throws SQLException {
        ShardingFunction base = group.base();
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        base.settings().forEach((name, value) -> {
            names.add(name);
            values.add(value);
        });
        Sql.update(
                home,
                "INSERT INTO pando.colocation_group (name, function_name, settings, shard_count, key_types)"
                        + " VALUES (?, ?, jsonb_object(?, ?), ?, ?)",
                group.name(),
                base.name(),
                names,
                values,
                base.shardCount(),
                base.keyTypes().stream().map(KeyType::sqlName).toList());
        for (Map.Entry<Key, Integer> pin : group.pins().entrySet()) {
            addPin(home, group.name(), pin.getKey(), pin.getValue());
        }
    }

    static void addPin(Connection home, String group, Key key, int shard) throws SQLException {
        Sql.update(
                home,
                "INSERT INTO pando.pin (colocation, key, shard) VALUES (?, ?, ?)"
                        + " ON CONFLICT (colocation, key) DO UPDATE SET shard = excluded.shard",
                group,
                texts(key),
                shard);
    }

    static void removePin(Connection home, String group, Key key) throws SQLException {
        Sql.update(home, "DELETE FROM pando.pin WHERE colocation = ? AND key = ?", group, texts(key));
    }

    static void addTable(Connection home, Metadata.Entry entry) throws SQLException {
        Sql.update(
                home,
                "INSERT INTO pando.sharded_table (table_schema, table_name, home_oid, placement, colocation,"
                        + " key_columns, key_types, unique_per_shard) VALUES (?, ?, ?, ?, nullif(?, ''), ?, ?, ?)",
                entry.table().schema(),
                entry.table().name(),
                entry.oid(),
                entry.group().isPresent() ? "sharded" : "reference",
                entry.group().orElse(""),
                entry.keyColumns(),
                entry.keyTypes().stream().map(KeyType::sqlName).toList(),
                entry.uniquePerShard());
    }

    /** Forgets a table, and its group if it was the last one. */
    static void removeTable(Connection home, TableName table) throws SQLException {
        Sql.update(
                home,
                "DELETE FROM pando.sharded_table WHERE table_schema = ? AND table_name = ?",
                table.schema(),
                table.name());
        Sql.update(
                home,
                "DELETE FROM pando.colocation_group g WHERE NOT EXISTS"
                        + " (SELECT FROM pando.sharded_table t WHERE t.colocation = g.name)");
    }

    /** A declared table has another name or oid now. */
    static void moveTable(Connection home, TableName from, TableName to, long oid) throws SQLException {
        Sql.update(
                home,
                "UPDATE pando.sharded_table SET table_schema = ?, table_name = ?, home_oid = ?"
                        + " WHERE table_schema = ? AND table_name = ?",
                to.schema(),
                to.name(),
                oid,
                from.schema(),
                from.name());
    }

    static void putTenant(Connection home, String schema, ShardId shard) throws SQLException {
        Sql.update(
                home,
                "INSERT INTO pando.tenant_schema (schema_name, shard) VALUES (?, ?)"
                        + " ON CONFLICT (schema_name) DO UPDATE SET shard = excluded.shard",
                schema,
                shard.index());
    }

    static void removeTenant(Connection home, String schema) throws SQLException {
        Sql.update(home, "DELETE FROM pando.tenant_schema WHERE schema_name = ?", schema);
    }

    /** A new epoch, told to all nodes when the transaction commits. */
    static long advanceEpoch(Connection home) throws SQLException {
        long epoch =
                Sql.one(home, "UPDATE pando.epoch SET epoch = epoch + 1 RETURNING epoch", row -> row.getLong("epoch"));
        Sql.rows(home, "SELECT pg_notify(?, ?)", row -> 0, CHANNEL, Long.toString(epoch));
        return epoch;
    }
}

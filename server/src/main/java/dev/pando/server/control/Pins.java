package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyType;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Pins single keys of a group to a shard, against its function. The CHECK of every table of the group changes with it on all shards at
 * once, so that a node that does not know of the pin yet is refused by PostgreSQL itself. Keys that have rows elsewhere are refused.
 */
final class Pins {
    private final Fleetwide fleetwide;

    Pins(Fleetwide fleetwide) {
        this.fleetwide = fleetwide;
    }

    /** The requester has to own all tables of the group. */
    String pin(Metadata.Entry table, List<String> key, int shard, Requester requester) {
        if (shard < 0 || shard >= fleetwide.shards().size()) {
            throw PlacementChecks.argument("shard " + shard + " does not exist: shards are numbered 0 to "
                    + (fleetwide.shards().size() - 1));
        }
        return fleetwide.change("pinning a key of table \"" + table.table() + "\"", (transaction, metadata) -> {
            Metadata.Group before = group(metadata, table);
            Key pinned = MetadataStore.key(before.base().keyTypes(), key);
            Metadata.Group after = before.withPin(pinned, shard);
            apply(transaction, metadata, before, after, pinned, key, requester);
            MetadataStore.addPin(transaction.home(), before.name(), pinned, shard);
            return "key " + String.join(", ", key) + " of group " + before.name() + " is pinned to shard " + shard;
        });
    }

    String unpin(Metadata.Entry table, List<String> key, Requester requester) {
        return fleetwide.change("unpinning a key of table \"" + table.table() + "\"", (transaction, metadata) -> {
            Metadata.Group before = group(metadata, table);
            Key pinned = MetadataStore.key(before.base().keyTypes(), key);
            if (!before.pins().containsKey(pinned)) {
                throw PlacementChecks.argument("key " + String.join(", ", key) + " is not pinned");
            }
            Metadata.Group after = before.withoutPin(pinned);
            apply(transaction, metadata, before, after, pinned, key, requester);
            MetadataStore.removePin(transaction.home(), before.name(), pinned);
            return "key " + String.join(", ", key) + " of group " + before.name() + " is on shard "
                    + after.function().shardOf(pinned) + " by its function";
        });
    }

    private static Metadata.Group group(Metadata metadata, Metadata.Entry table) {
        Metadata.Entry now = metadata.tables().get(table.table());
        if (now == null || now.group().isEmpty()) {
            throw PlacementChecks.argument("table \"" + table.table() + "\" is not sharded");
        }
        return metadata.group(now.group().get());
    }

    private static void apply(
            AtomicTransaction transaction,
            Metadata metadata,
            Metadata.Group before,
            Metadata.Group after,
            Key key,
            List<String> texts,
            Requester requester)
            throws SQLException {
        int to = after.function().shardOf(key);
        for (Metadata.Entry entry : metadata.tablesOf(before.name())) {
            TableFacts table = Declarations.facts(transaction.home(), entry.table());
            requester.requireOwner(transaction.home(), table);
            Placement.Sharded old = Metadata.sharded(before, entry);
            Placement.Sharded changed = Metadata.sharded(after, entry);
            List<String> columns =
                    entry.keyColumns().stream().map(Quote::identifier).toList();
            for (ShardId shard : transaction.shards()) {
                String oldCheck = old.function().checkSql(shard.index(), columns);
                if (oldCheck.equals(changed.function().checkSql(shard.index(), columns))) {
                    continue;
                }
                Connection connection = transaction.on(shard);
                Declarations.lock(connection, table);
                if (shard.index() != to && holds(connection, entry, texts)) {
                    throw new PandoException(
                            PandoError.KEY_HAS_ROWS, String.join(", ", texts), entry.table(), shard.index(), to);
                }
                Declarations.dropCheck(connection, entry.table());
                Sql.execute(connection, Declarations.addCheck(entry.table(), changed, shard));
                Sql.execute(connection, "RESET ROLE");
            }
        }
    }

    private static boolean holds(Connection connection, Metadata.Entry entry, List<String> key) throws SQLException {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            KeyType type = entry.keyTypes().get(i);
            conditions.add(Quote.identifier(entry.keyColumns().get(i)) + " = " + Quote.literal(key.get(i)) + "::"
                    + type.sqlName());
        }
        return RowMover.hasRows(
                connection, Declarations.quoted(entry.table()) + " WHERE " + String.join(" AND ", conditions));
    }
}

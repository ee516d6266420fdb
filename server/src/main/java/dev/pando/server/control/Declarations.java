package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.config.TableConfig;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Declares tables as sharded or reference, and takes it back. Everything is validated under the table's lock before anything changes. */
final class Declarations {
    static final String CHECK = "pando_shard";

    private final Fleetwide fleetwide;

    Declarations(Fleetwide fleetwide) {
        this.fleetwide = fleetwide;
    }

    record Declared(String summary, List<String> notices) {
        Declared {
            notices = List.copyOf(notices);
        }
    }

    /** Gives a table the placement wanted. */
    Declared declare(TableConfig wanted, Requester requester) {
        return fleetwide.change(
                "declaring table \"" + wanted.name() + "\"", (transaction, metadata) -> switch (wanted) {
                    case TableConfig.Reference reference ->
                        reference(transaction, metadata, locked(transaction, metadata, reference.name(), requester));
                    case TableConfig.Sharded sharded -> {
                        TableFacts table = locked(transaction, metadata, sharded.name(), requester);
                        List<KeyType> types = new PlacementChecks(table, metadata).keyTypes(sharded.key());
                        Metadata.Group group = newGroup(metadata, sharded, types);
                        yield shard(
                                transaction,
                                metadata,
                                table,
                                group,
                                entry(table, group, sharded.key(), types, sharded.uniquePerShard()));
                    }
                    case TableConfig.Colocated colocated -> {
                        TableFacts table = locked(transaction, metadata, colocated.name(), requester);
                        List<KeyType> types = new PlacementChecks(table, metadata).keyTypes(colocated.key());
                        Metadata.Group group = groupOf(metadata, colocated.with());
                        yield shard(
                                transaction,
                                metadata,
                                table,
                                group,
                                entry(table, group, colocated.key(), types, colocated.uniquePerShard()));
                    }
                });
    }

    private static Metadata.Entry entry(
            TableFacts table, Metadata.Group group, List<String> key, List<KeyType> types, boolean uniquePerShard) {
        return new Metadata.Entry(table.name(), table.oid(), Optional.of(group.name()), key, types, uniquePerShard);
    }

    private Metadata.Group newGroup(Metadata metadata, TableConfig.Sharded sharded, List<KeyType> types) {
        if (sharded.function().equals("schema")) {
            throw PlacementChecks.argument("function schema places whole schemas: call pando.distribute_schema()");
        }
        ShardingFunction function = ShardingFunctions.parse(
                sharded.function(), sharded.settings(), fleetwide.shards().size(), types);
        String name = sharded.name().toString();
        for (int next = 2; metadata.groups().containsKey(name); next++) {
            name = sharded.name() + "_" + next;
        }
        return Metadata.Group.of(name, function);
    }

    private static Metadata.Group groupOf(Metadata metadata, TableName with) {
        Metadata.Entry other = metadata.tables().get(with);
        if (other == null || other.group().isEmpty()) {
            throw PlacementChecks.argument("table \"" + with + "\", to co-locate with, is not sharded");
        }
        return metadata.group(other.group().get());
    }

    /** The table's facts, read while it is locked on all shards, where it has the same definition. */
    private static TableFacts locked(
            AtomicTransaction transaction, Metadata metadata, TableName name, Requester requester) throws SQLException {
        TableFacts before = facts(transaction.home(), name);
        requester.requireOwner(transaction.home(), before);
        new PlacementChecks(before, metadata).requireTable();
        List<String> definition = TableInspector.definition(transaction.home(), name);
        for (ShardId shard : transaction.shards()) {
            Connection connection = transaction.on(shard);
            requireSame(shard, name, definition, TableInspector.definition(connection, name));
            lock(connection, before);
        }
        requireUnhidden(transaction.home(), name);
        return facts(transaction.home(), name);
    }

    /** Statements of a session whose temporary table hides this one would go to the shards, where that is not. */
    private static void requireUnhidden(Connection home, TableName name) throws SQLException {
        int hiding = Sql.one(home, TableInspector.TEMPORARY_NAMESAKES, row -> row.getInt("hiding"), name.name());
        if (hiding > 0) {
            throw PlacementChecks.argument("sessions have " + hiding + " temporary relation(s) named \"" + name.name()
                    + "\", which the declared table would answer for: drop them, or end these sessions, first");
        }
    }

    static TableFacts facts(Connection home, TableName name) throws SQLException {
        return TableInspector.facts(home, name)
                .orElseThrow(() -> new PandoException(PandoError.NO_SUCH_TABLE, name, 0));
    }

    /** Works as the owner from here on: expressions of the owner's never run with the control plane's rights. */
    static void lock(Connection connection, TableFacts table) throws SQLException {
        Sql.execute(
                connection,
                "SET LOCAL ROLE " + Quote.identifier(table.owner()) + "; LOCK TABLE " + quoted(table.name())
                        + " IN ACCESS EXCLUSIVE MODE");
    }

    private static void requireSame(ShardId shard, TableName name, List<String> home, List<String> there) {
        if (there.isEmpty()) {
            throw new PandoException(PandoError.NO_SUCH_TABLE, name, shard.index());
        }
        if (!there.equals(home)) {
            List<String> missing = new ArrayList<>(home);
            missing.removeAll(there);
            List<String> extra = new ArrayList<>(there);
            extra.removeAll(home);
            throw new PandoException(
                    PandoError.SCHEMA_DIFFERS,
                    "table \"" + name + "\" on " + shard + " lacks " + missing + " of home and has " + extra);
        }
    }

    private Declared shard(
            AtomicTransaction transaction,
            Metadata metadata,
            TableFacts table,
            Metadata.Group group,
            Metadata.Entry entry)
            throws SQLException {
        PlacementChecks checks = new PlacementChecks(table, metadata);
        checks.requireTable();
        checks.requireUnique(entry.keyColumns(), entry.uniquePerShard());
        checks.requireSequences();
        EmptyTables empty = new EmptyTables(transaction.home(), metadata);
        checks.requireForeignKeys(entry.keyColumns(), group.name(), empty.among(table));
        Placement.Sharded placement = Metadata.sharded(group, entry);
        RowMover rows = new RowMover(transaction, table);
        rows.requireOthersEmpty();
        long moved = rows.spread(placement);
        for (ShardId shard : transaction.shards()) {
            Connection connection = transaction.on(shard);
            Sql.execute(connection, addCheck(table.name(), placement, shard));
            for (TableFacts.SequenceFact sequence : table.sequences()) {
                Sql.execute(
                        connection,
                        Sequences.dealOut(sequence, shard, transaction.shards().size()));
            }
            Sql.execute(connection, "RESET ROLE");
        }
        if (!metadata.groups().containsKey(group.name())) {
            MetadataStore.addGroup(transaction.home(), group);
        }
        MetadataStore.addTable(transaction.home(), entry);
        return new Declared(summary(table, placement, moved), checks.notices());
    }

    private static String summary(TableFacts table, Placement.Sharded placement, long moved) {
        return table.name() + ": sharded by " + String.join(", ", placement.keyColumns()) + ", "
                + placement.function().name() + " over " + placement.function().shardCount() + " shards, group "
                + placement.group() + (moved == 0 ? "" : ", " + moved + " rows moved");
    }

    static String addCheck(TableName table, Placement.Sharded placement, ShardId shard) {
        List<String> key =
                placement.keyColumns().stream().map(Quote::identifier).toList();
        return "ALTER TABLE " + quoted(table) + " ADD CONSTRAINT " + CHECK + " CHECK ("
                + placement.function().checkSql(shard.index(), key) + ")";
    }

    static String quoted(TableName table) {
        return Quote.qualified(table.schema(), table.name());
    }

    private static Declared reference(AtomicTransaction transaction, Metadata metadata, TableFacts table)
            throws SQLException {
        PlacementChecks checks = new PlacementChecks(table, metadata);
        checks.requireTable();
        checks.requireReferenceForeignKeys();
        RowMover rows = new RowMover(transaction, table);
        rows.requireOthersEmpty();
        long copied = rows.replicate();
        for (ShardId shard : transaction.shards()) {
            Sql.execute(transaction.on(shard), "RESET ROLE");
        }
        MetadataStore.addTable(
                transaction.home(),
                new Metadata.Entry(table.name(), table.oid(), Optional.empty(), List.of(), List.of(), false));
        return new Declared(
                table.name() + ": reference table on " + transaction.shards().size() + " shards"
                        + (copied == 0 ? "" : ", " + copied + " rows copied"),
                checks.notices());
    }

    /** A table of home again, with all its rows. */
    Declared undistribute(TableName name, Requester requester) {
        return fleetwide.change("undistributing table \"" + name + "\"", (transaction, metadata) -> {
            TableFacts table = facts(transaction.home(), name);
            requester.requireOwner(transaction.home(), table);
            Metadata.Entry entry = metadata.tables().get(name);
            if (entry == null) {
                throw PlacementChecks.argument("table \"" + name + "\" is not declared");
            }
            for (ShardId shard : transaction.shards()) {
                lock(transaction.on(shard), table);
            }
            RowMover rows = new RowMover(transaction, table);
            boolean empty = true;
            for (ShardId shard : transaction.shards()) {
                empty &= !rows.holdsRows(shard);
            }
            new PlacementChecks(table, metadata).requireForeignKeysWithout(empty);
            long moved = 0;
            if (entry.group().isPresent()) {
                takeBack(transaction, name);
                moved = rows.gather();
            } else {
                rows.clearOthers();
            }
            for (ShardId shard : transaction.shards()) {
                Sql.execute(transaction.on(shard), "RESET ROLE");
            }
            MetadataStore.removeTable(transaction.home(), name);
            return new Declared(
                    name + ": on the first shard only" + (moved == 0 ? "" : ", " + moved + " rows moved"), List.of());
        });
    }

    /** Removes the CHECKs, and lets the sequences go on above the highest value that any shard gave. */
    private static void takeBack(AtomicTransaction transaction, TableName name) throws SQLException {
        Map<TableName, Long> last = new HashMap<>();
        for (ShardId shard : transaction.shards()) {
            for (TableFacts.SequenceFact sequence :
                    facts(transaction.on(shard), name).sequences()) {
                last.merge(sequence.name(), sequence.last(), Math::max);
            }
        }
        for (ShardId shard : transaction.shards()) {
            Connection connection = transaction.on(shard);
            dropCheck(connection, name);
            for (Map.Entry<TableName, Long> sequence : last.entrySet()) {
                Sql.execute(connection, Sequences.takeBack(sequence.getKey(), sequence.getValue()));
            }
        }
    }

    /** From a partition that was attached with a CHECK of its own, that one has to go too. */
    static void dropCheck(Connection connection, TableName table) throws SQLException {
        drop(connection, table);
        for (TableName child : Sql.rows(
                connection,
                TableInspector.CHECKED_CHILDREN,
                row -> new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")),
                table.schema(),
                table.name())) {
            drop(connection, child);
        }
    }

    private static void drop(Connection connection, TableName table) throws SQLException {
        Sql.execute(connection, "ALTER TABLE " + quoted(table) + " DROP CONSTRAINT IF EXISTS " + CHECK);
    }
}

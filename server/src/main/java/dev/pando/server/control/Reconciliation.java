package dev.pando.server.control;

import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the shard map in line with what DDL did: renamed tables are followed, dropped and attached ones forgotten (a partition goes with
 * its parent), detached partitions and copies made by LIKE taken in, because their rows
 * are spread; new tables of tenants get their CHECK.
 */
final class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    private static final String HAS_CHECK =
            "SELECT FROM pg_constraint WHERE conrelid = ?::oid AND conname = 'pando_shard'";

    private static final String IS_CHILD = "SELECT FROM pg_inherits WHERE inhrelid = ?::oid";

    private final Fleetwide fleetwide;

    Reconciliation(Fleetwide fleetwide) {
        this.fleetwide = fleetwide;
    }

    static boolean needed(CatalogLoader.Loaded loaded) {
        return !loaded.twins().isEmpty()
                || !loaded.unfenced().isEmpty()
                || loaded.metadata().tables().values().stream()
                        .anyMatch(entry ->
                                !Long.valueOf(entry.oid()).equals(loaded.oids().get(entry.table()))
                                        || loaded.children().contains(entry.oid()));
    }

    void run() {
        fleetwide.change("following changes of declared tables", (transaction, metadata) -> {
            Connection home = transaction.home();
            for (CatalogLoader.Twin twin : Sql.rows(home, CatalogSql.TWINS, CatalogLoader.Twin::of)) {
                adopt(transaction, metadata, twin);
            }
            for (Metadata.Entry entry : metadata.tables().values()) {
                follow(home, entry);
            }
            for (String schema : CatalogLoader.unfenced(home)) {
                ShardId shard = metadata.tenants().get(schema);
                if (shard != null) {
                    Tenants.fence(transaction, schema, shard);
                }
            }
            return metadata;
        });
    }

    private static void adopt(AtomicTransaction transaction, Metadata metadata, CatalogLoader.Twin twin)
            throws SQLException {
        Metadata.Entry like = metadata.tables().get(twin.declared());
        if (like == null) {
            return;
        }
        LOG.info("table {} has the CHECK of {} and is sharded as that is", twin.table(), twin.declared());
        List<TableFacts.SequenceFact> sequences =
                Declarations.facts(transaction.home(), twin.table()).sequences();
        for (ShardId shard : transaction.shards()) {
            for (TableFacts.SequenceFact sequence : sequences) {
                Sql.execute(
                        transaction.on(shard),
                        Sequences.dealOut(sequence, shard, transaction.shards().size()));
            }
        }
        MetadataStore.addTable(
                transaction.home(),
                new Metadata.Entry(twin.table(), twin.oid(), like.group(), like.keyColumns(), like.keyTypes(), true));
    }

    private static void follow(Connection home, Metadata.Entry entry) throws SQLException {
        if (!Sql.rows(home, IS_CHILD, row -> 0, entry.oid()).isEmpty()) {
            LOG.info("declared table {} is a partition now and goes with its parent", entry.table());
            MetadataStore.removeTable(home, entry.table());
            return;
        }
        Map<Long, TableName> byOid = new HashMap<>();
        Sql.rows(
                home,
                """
                SELECT c.oid::bigint AS oid, n.nspname, c.relname FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = ?::oid OR (n.nspname = ? AND c.relname = ?)""",
                row -> byOid.put(row.getLong("oid"), new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname"))),
                entry.oid(),
                entry.table().schema(),
                entry.table().name());
        TableName same = byOid.get(entry.oid());
        if (entry.table().equals(same)) {
            return;
        }
        if (same != null) {
            LOG.info("declared table {} is now {}", entry.table(), same);
            MetadataStore.moveTable(home, entry.table(), same, entry.oid());
            return;
        }
        for (Long namesake : byOid.keySet()) {
            // Restored from a dump: the oid is another one, the CHECK came along.
            if (entry.group().isEmpty()
                    || !Sql.rows(home, HAS_CHECK, row -> 0, namesake).isEmpty()) {
                MetadataStore.moveTable(home, entry.table(), entry.table(), namesake);
                return;
            }
        }
        LOG.info("declared table {} was dropped", entry.table());
        MetadataStore.removeTable(home, entry.table());
    }
}

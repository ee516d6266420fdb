package dev.pando.server.control;

import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the shard map in line with what DDL did: renamed tables and key columns are followed, dropped ones forgotten. */
final class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    /** The key's columns are found again by the CHECK, which PostgreSQL keeps up to date; in the order of the declaration by position. */
    private static final String HAS_CHECK =
            "SELECT FROM pg_constraint WHERE conrelid = ?::oid AND conname = 'pando_shard'";

    private final Fleetwide fleetwide;

    Reconciliation(Fleetwide fleetwide) {
        this.fleetwide = fleetwide;
    }

    static boolean needed(CatalogLoader.Loaded loaded) {
        return loaded.metadata().tables().values().stream()
                .anyMatch(
                        entry -> !Long.valueOf(entry.oid()).equals(loaded.oids().get(entry.table())));
    }

    void run() {
        fleetwide.change("following changes of declared tables", (transaction, metadata) -> {
            Connection home = transaction.home();
            for (Metadata.Entry entry : metadata.tables().values()) {
                follow(home, entry);
            }
            return metadata;
        });
    }

    private static void follow(Connection home, Metadata.Entry entry) throws SQLException {
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
            MetadataStore.renameTable(home, entry.table(), same, entry.oid(), entry.keyColumns());
            return;
        }
        for (Map.Entry<Long, TableName> namesake : byOid.entrySet()) {
            // Restored from a dump: the oid is another one, the CHECK came along.
            if (entry.group().isEmpty()
                    || !Sql.rows(home, HAS_CHECK, row -> 0, namesake.getKey()).isEmpty()) {
                MetadataStore.renameTable(home, entry.table(), entry.table(), namesake.getKey(), entry.keyColumns());
                return;
            }
        }
        LOG.info("declared table {} was dropped", entry.table());
        MetadataStore.removeTable(home, entry.table());
    }
}

package dev.pando.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** Makes the data of a standby from that of its primary. */
final class Standbys {
    /** What the other server must not inherit, see "Making a Base Backup Using the Low Level API" in PostgreSQL's manual. */
    private static final Set<String> OWN_FILES =
            Set.of("postmaster.pid", "postmaster.opts", "standby.signal", "recovery.signal", "pando.conf");

    private static final Set<String> EMPTIED = Set.of(
            "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans");

    private Standbys() {}

    /** Copies a cluster that has never run. Its log is copied too, so the standby is consistent at once. */
    static void copyCold(Path primary, Path target) throws IOException {
        Folders.copy(primary, target, path -> false);
        Files.createFile(target.resolve("standby.signal"));
    }

    /** Copies a running cluster through {@code primary}, a connection to it; the slot keeps the log that the copy will need. */
    static void copyLive(Connection primary, Path from, Path target, String slot) throws SQLException, IOException {
        try (Statement statement = primary.createStatement()) {
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE slot_name = '" + slot + "' AND NOT active");
            statement.execute("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
            statement.execute("SELECT pg_backup_start('" + slot + "', fast => true)");
            Folders.copy(from, target, Standbys::isOwn);
            try (ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                row.next();
                Files.writeString(target.resolve("backup_label"), row.getString(1));
            }
        }
        Files.createFile(target.resolve("standby.signal"));
    }

    static boolean isOwn(Path path) {
        String first = path.getName(0).toString();
        if (path.getNameCount() == 1) {
            return OWN_FILES.contains(first);
        }
        String last = path.getFileName().toString();
        boolean log = first.equals("pg_wal") && !last.equals("archive_status") && !last.equals("summaries");
        return EMPTIED.contains(first) || log || last.startsWith("pgsql_tmp");
    }
}

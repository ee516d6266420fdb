package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.lab.twin.Snapshot.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a target in one read-only transaction, from catalogs and statistics views only. The rights of {@code pg_monitor} suffice for
 * everything but the statistics of columns, which {@code pg_stats} shows to those who may read the columns; what is hidden is told.
 */
public final class SnapshotReader {
    private static final int OLDEST = 15;
    /** A target of 19 is accepted, and its twin is a server of the newest version that there are binaries of. */
    private static final int NEWEST = 19;

    private static final int MOST_COLUMNS = 1_000_000;

    private SnapshotReader() {}

    /** Reads the database that {@code target} is connected to; the connection is afterwards as it was, outside a transaction. */
    public static Snapshot read(Connection target) throws SQLException {
        boolean autoCommit = target.getAutoCommit();
        boolean readOnly = target.isReadOnly();
        target.setReadOnly(true);
        target.setAutoCommit(false);
        try {
            return readWithin(target);
        } finally {
            target.rollback();
            target.setAutoCommit(autoCommit);
            target.setReadOnly(readOnly);
        }
    }

    private static Snapshot readWithin(Connection target) throws SQLException {
        int major = target.getMetaData().getDatabaseMajorVersion();
        requireKnown(major, target.getMetaData().getDatabaseProductVersion());
        Sql.run(
                target,
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                "SET LOCAL statement_timeout = '60s'",
                "SET LOCAL lock_timeout = '2s'");
        // Before they are changed for reading.
        Map<String, String> settings = new LinkedHashMap<>();
        Sql.rows(target, row -> settings.put(row.getString(1), row.getString(2)), CatalogQuery.text("settings", major));
        Sql.run(
                target,
                "SET LOCAL search_path = ''",
                "SET LOCAL quote_all_identifiers = off",
                "SET LOCAL DateStyle = 'ISO, YMD'",
                "SET LOCAL IntervalStyle = 'postgres'",
                "SET LOCAL TimeZone = 'UTC'",
                "SET LOCAL bytea_output = 'hex'",
                "SET LOCAL extra_float_digits = 1");
        Server server = Sql.rows(target, row -> server(row, major), CatalogQuery.text("server", major))
                .getFirst();
        List<Omission> omissions = new ArrayList<>(omissions(target, server));
        List<Snapshot.Column> columns = columns(target, CatalogQuery.text("columns", major));
        if (RangeStatistics.readable(target, major)) {
            columns = RangeStatistics.added(target, major, columns);
        }
        return new Snapshot(
                Snapshot.FORMAT,
                server,
                settings,
                new SchemaReader(target, major).read(),
                relations(target, major),
                columns,
                ExtendedReader.read(target, major),
                omissions,
                false);
    }

    static void requireKnown(int major, String version) {
        if (major < OLDEST || major > NEWEST) {
            throw new PandoException(PandoError.TWIN_VERSION, version);
        }
    }

    private static Server server(ResultSet row, int major) throws SQLException {
        return new Server(
                major,
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getInt(9),
                row.getString(10));
    }

    private static List<Omission> omissions(Connection target, Server server) throws SQLException {
        List<Omission> all = new ArrayList<>(Sql.rows(
                target,
                row -> new Omission(row.getString(1), row.getString(2), row.getString(3)),
                CatalogQuery.text("omitted", server.major())));
        String grant = "GRANT pg_read_all_data TO " + Quote.identifier(server.user());
        all.addAll(Sql.rows(
                target,
                row -> new Omission(
                        "statistics",
                        row.getString(1),
                        row.getLong(2) + " columns hidden from " + server.user() + "; "
                                + (row.getBoolean(3) ? "row security applies to it" : grant + " shows them")),
                CatalogQuery.text("hidden-columns", server.major())));
        all.addAll(ExtendedReader.hidden(target, server));
        if (!RangeStatistics.readable(target, server.major())) {
            all.addAll(Sql.rows(
                    target,
                    row -> new Omission(
                            "statistics",
                            row.getString(1),
                            "pg_stats shows those of ranges from version 17 on, pg_statistic to superusers"),
                    CatalogQuery.text("ranges", server.major())));
        }
        return all;
    }

    private static List<Snapshot.Relation> relations(Connection target, int major) throws SQLException {
        return Sql.rows(
                target,
                row -> new Snapshot.Relation(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getInt(4),
                        row.getFloat(5),
                        row.getInt(6),
                        row.getInt(7)),
                CatalogQuery.text("relations", major));
    }

    /** {@code query} has the columns of {@code pg_stats}. */
    static List<Snapshot.Column> columns(Connection target, String query) throws SQLException {
        List<Snapshot.Column> all = Sql.rows(target, SnapshotReader::column, query + " LIMIT " + MOST_COLUMNS);
        if (all.size() == MOST_COLUMNS) {
            throw new PandoException(PandoError.SNAPSHOT_TOO_LARGE, MOST_COLUMNS, "columns with statistics");
        }
        return all;
    }

    private static Snapshot.Column column(ResultSet row) throws SQLException {
        return new Snapshot.Column(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getFloat(5),
                row.getInt(6),
                row.getFloat(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                real(row, 11),
                row.getString(12),
                row.getString(13),
                row.getString(14),
                row.getString(15),
                real(row, 16),
                row.getString(17));
    }

    private static @Nullable Float real(ResultSet row, int column) throws SQLException {
        float value = row.getFloat(column);
        return row.wasNull() ? null : value;
    }
}

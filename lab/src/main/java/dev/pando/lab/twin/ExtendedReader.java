package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the data of statistics objects, which are shown to their table's owner only. */
final class ExtendedReader {
    /** It shows them in another form. */
    private static final int UNKNOWN_SINCE = 19;

    private ExtendedReader() {}

    static List<Snapshot.Extended> read(Connection target, int major) throws SQLException {
        if (major >= UNKNOWN_SINCE) {
            return List.of();
        }
        Map<String, List<Snapshot.Column>> expressions =
                SnapshotReader.columns(target, CatalogQuery.text("extended-expressions", major)).stream()
                        .collect(Collectors.groupingBy(column -> key(column.relation(), column.inherited())));
        return Sql.rows(target, row -> extended(row, expressions), CatalogQuery.text("extended", major));
    }

    private static String key(String statistics, boolean inherited) {
        return statistics + (inherited ? " inherited" : "");
    }

    private static Snapshot.Extended extended(ResultSet row, Map<String, List<Snapshot.Column>> expressions)
            throws SQLException {
        String name = row.getString(1);
        boolean inherited = row.getBoolean(2);
        return new Snapshot.Extended(
                name,
                inherited,
                ArrayText.read(row.getString(3)),
                ArrayText.read(row.getString(4)).stream().map(Integer::valueOf).toList(),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                expressions.getOrDefault(key(name, inherited), List.of()));
    }

    static List<Omission> hidden(Connection target, Snapshot.Server server) throws SQLException {
        if (server.major() >= UNKNOWN_SINCE) {
            return Sql.rows(
                    target,
                    row -> new Omission("extended statistics", row.getString(3), "data of version 19 are not carried"),
                    CatalogQuery.text("statistics", server.major()));
        }
        return Sql.rows(
                target,
                row -> new Omission(
                        "extended statistics",
                        row.getString(1),
                        row.getBoolean(3)
                                ? "row security hides their data"
                                : "their data are shown to the table's owner only; GRANT " + row.getString(2) + " TO "
                                        + Quote.identifier(server.user()) + " shows them"),
                CatalogQuery.text("hidden-extended", server.major()));
    }
}

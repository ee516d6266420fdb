package dev.pando.lab.twin;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statistics of ranges, which {@code pg_stats} shows from 17 on; before, those who may read {@code pg_statistic} find them there. */
final class RangeStatistics {
    private static final int SHOWN_SINCE = 17;

    private record Key(String relation, String column, boolean inherited) {}

    private record Ranges(
            @Nullable String lengths, float empty, @Nullable String bounds) {}

    private RangeStatistics() {}

    static boolean readable(Connection target, int major) throws SQLException {
        return major >= SHOWN_SINCE
                || Sql.one(target, "SELECT has_table_privilege('pg_catalog.pg_statistic', 'SELECT')")
                        .equals("t");
    }

    /** {@code columns} with those that they lack, of a target where they are readable. */
    static List<Snapshot.Column> added(Connection target, int major, List<Snapshot.Column> columns)
            throws SQLException {
        if (major >= SHOWN_SINCE) {
            return columns;
        }
        Map<Key, Ranges> all = new HashMap<>();
        Sql.rows(
                target,
                row -> all.put(
                        new Key(row.getString(1), row.getString(2), row.getBoolean(3)),
                        new Ranges(row.getString(4), row.getFloat(5), row.getString(6))),
                CatalogQuery.text("range-columns", major));
        return columns.stream()
                .map(column -> with(column, all.get(new Key(column.relation(), column.name(), column.inherited()))))
                .toList();
    }

    private static Snapshot.Column with(Snapshot.Column column, @Nullable Ranges ranges) {
        return ranges == null
                ? column
                : new Snapshot.Column(
                        column.relation(),
                        column.name(),
                        column.type(),
                        column.inherited(),
                        column.nullFraction(),
                        column.averageWidth(),
                        column.distinct(),
                        column.commonValues(),
                        column.commonFrequencies(),
                        column.histogram(),
                        column.correlation(),
                        column.commonElements(),
                        column.elementFrequencies(),
                        column.elementCounts(),
                        ranges.lengths(),
                        ranges.empty(),
                        ranges.bounds());
    }
}

package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import dev.pando.lab.twin.PartitionBounds.Part;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a partition's columns, derived from those of the whole table: the key's are cut to the partition's rows, other columns are
 * taken to have nothing to do with the key.
 */
final class PartitionColumns {
    private final Connection connection;
    private final String type;
    private final double tuples;

    /** {@code type}: of the key's column. {@code tuples}: of the whole table. */
    PartitionColumns(Connection connection, String type, double tuples) {
        this.connection = connection;
        this.type = type;
        this.tuples = tuples;
    }

    /** Of another column than the key, in a relation of the partition with {@code rows}. */
    Snapshot.Column other(Snapshot.Column whole, String relation, double rows) {
        double distinct = absolute(whole);
        // That a value with so many rows has at least one in the partition.
        double kept = distinct * (1 - Math.pow(1 - Math.min(1, rows / tuples), tuples / Math.max(1, distinct)));
        return with(
                whole,
                relation,
                whole.nullFraction(),
                distinct(whole, kept, rows),
                whole.commonValues(),
                whole.commonFrequencies(),
                whole.histogram());
    }

    /** Of the key, in a partition of values; {@code condition} is one on its column. */
    Snapshot.Column key(Snapshot.Column whole, String relation, double rows, Part part, String condition)
            throws SQLException {
        List<Integer> places = Sql.rows(
                connection,
                row -> row.getInt(1),
                "SELECT place FROM " + unnested(whole, whole.commonValues()) + " WHERE " + condition
                        + " ORDER BY place");
        String common = null;
        String frequencies = null;
        if (!places.isEmpty() && whole.commonValues() != null && whole.commonFrequencies() != null) {
            List<String> values = ArrayText.read(whole.commonValues());
            List<String> shares = ArrayText.read(whole.commonFrequencies());
            common = ArrayText.write(
                    places.stream().map(place -> values.get(place - 1)).toList());
            frequencies = ArrayText.write(places.stream()
                    .map(place -> Float.toString(
                            (float) Math.min(1, Float.parseFloat(shares.get(place - 1)) * tuples / Math.max(1, rows))))
                    .toList());
        }
        double kept = Math.max(places.size(), absolute(whole) * rows / tuples);
        return with(whole, relation, 0, distinct(whole, kept, rows), common, frequencies, cut(whole, part, condition));
    }

    /** Of the key, in the partition of all rows that no other one takes: those of NULL, and of values that are not common. */
    Snapshot.Column rest(Snapshot.Column whole, String relation, double rows, boolean values) {
        float nulls = (float) Math.min(1, whole.nullFraction() * tuples / Math.max(1, rows));
        double kept = values ? absolute(whole) * rows / tuples : 0;
        return with(
                whole,
                relation,
                values ? nulls : 1,
                distinct(whole, kept, rows),
                null,
                null,
                values ? whole.histogram() : null);
    }

    private String unnested(Snapshot.Column column, @Nullable String values) {
        return "unnest(" + Quote.literal(values == null ? "{}" : values) + "::" + type + "[]) WITH ORDINALITY v ("
                + Quote.identifier(column.name()) + ", place)";
    }

    /** The bounds that are the partition's, between its ends. */
    private @Nullable String cut(Snapshot.Column whole, Part part, String condition) throws SQLException {
        if (whole.histogram() == null) {
            return null;
        }
        return Sql.rows(connection, row -> row.getString(1), """
                        WITH bounds AS (SELECT %1$s FROM %2$s)
                        SELECT CASE WHEN count(*) > 1 THEN array_agg(b ORDER BY b)::text END FROM (
                          SELECT %1$s AS b FROM bounds WHERE %3$s UNION SELECT greatest(%4$s, min(%1$s)) FROM bounds
                          UNION SELECT least(%5$s, max(%1$s)) FROM bounds) u
                        """.formatted(
                                Quote.identifier(whole.name()),
                                unnested(whole, whole.histogram()),
                                condition,
                                part.from() == null ? "NULL" : part.from(),
                                part.to() == null ? "NULL" : part.to()))
                .getFirst();
    }

    private double absolute(Snapshot.Column column) {
        return column.distinct() < 0 ? -column.distinct() * tuples : column.distinct();
    }

    /** A share of the rows stays one. */
    private static float distinct(Snapshot.Column whole, double kept, double rows) {
        double most = Math.max(1, Math.min(kept, rows));
        return (float) (whole.distinct() < 0 ? -most / Math.max(1, rows) : Math.rint(most));
    }

    private static Snapshot.Column with(
            Snapshot.Column whole,
            String relation,
            float nulls,
            float distinct,
            @Nullable String common,
            @Nullable String frequencies,
            @Nullable String histogram) {
        return new Snapshot.Column(
                relation,
                whole.name(),
                whole.type(),
                false,
                nulls,
                whole.averageWidth(),
                distinct,
                common,
                frequencies,
                histogram,
                whole.correlation(),
                whole.commonElements(),
                whole.elementFrequencies(),
                whole.elementCounts(),
                whole.rangeLengths(),
                whole.emptyRanges(),
                whole.rangeBounds());
    }
}

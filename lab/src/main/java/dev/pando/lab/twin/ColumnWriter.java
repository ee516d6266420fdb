package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a twin's columns the statistics of the target's. From 18 on the server has a function for it, which the owner of the database may
 * call. Before, the superuser writes rows into the twin's own {@code pg_statistic}, as ANALYZE would: what {@code pg_stats} does not show
 * (operators, collations) is found by the columns' types, as that function does. Values of a domain go in as its base type's, which plans
 * alike, because a domain's CHECK is code; types with a domain within have none.
 */
final class ColumnWriter {
    private static final int FUNCTION_SINCE = 18;
    private static final int SLOTS = 5;
    /** {@code float8 <}, by which lengths of ranges are sorted. */
    private static final long FLOAT8_LESS = 672;

    private static final long FLOAT8 = 701;

    /** A column of the twin, with the operators and the type of elements that its statistics need. */
    private record Place(
            long relation,
            int number,
            long type,
            long collation,
            long equal,
            long less,
            long element,
            long elementCollation,
            long elementEqual,
            boolean runsCode) {}

    /** One kind of statistics as {@code pg_statistic} has them; {@code numbers} and {@code values} are arrays as text. */
    private record Slot(
            int kind,
            long operator,
            long collation,
            @Nullable String numbers,
            @Nullable String values,
            long type) {}

    private final Connection connection;
    private final Deputy deputy;
    private final int major;
    private final List<Omission> omissions;
    private final Map<String, Place> places = new HashMap<>();

    ColumnWriter(Connection connection, Deputy deputy, int major, List<Omission> omissions) {
        this.connection = connection;
        this.deputy = deputy;
        this.major = major;
        this.omissions = omissions;
    }

    /** Within a transaction; what the server refuses is told and leaves the other columns as they are. */
    void write(List<Snapshot.Column> columns) throws SQLException {
        Sql.ownNames(connection);
        if (major < FUNCTION_SINCE) {
            Sql.rows(connection, this::note, CatalogQuery.text("attributes", major));
        }
        for (Snapshot.Column column : columns) {
            String sql = major < FUNCTION_SINCE ? insert(column) : call(column);
            if (sql != null) {
                execute(column, sql);
            }
        }
    }

    private Place note(ResultSet row) throws SQLException {
        Place place = new Place(
                row.getLong(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11),
                row.getBoolean(12));
        places.put(row.getString(1) + "." + row.getString(2), place);
        return place;
    }

    private void execute(Snapshot.Column column, String sql) throws SQLException {
        try {
            Sql.run(connection, "SAVEPOINT statistics");
            if (major < FUNCTION_SINCE) {
                deputy.run(connection, sql);
            } else {
                Sql.run(connection, sql);
            }
            Sql.run(connection, "RELEASE statistics");
        } catch (SQLException e) {
            Sql.run(connection, "ROLLBACK TO statistics");
            omit(column, Messages.of(e));
        }
    }

    private void omit(Snapshot.Column column, String reason) {
        omissions.add(new Omission("statistics", column.relation() + "." + Quote.identifier(column.name()), reason));
    }

    private static String call(Snapshot.Column column) {
        StringBuilder call =
                new StringBuilder("SELECT pg_restore_attribute_stats('schemaname', (name)[1], 'relname', (name)[2]");
        text(call, "attname", column.name(), "text");
        call.append(", 'inherited', ").append(column.inherited());
        text(call, "null_frac", Float.toString(column.nullFraction()), "real");
        text(call, "avg_width", Integer.toString(column.averageWidth()), "int");
        text(call, "n_distinct", Float.toString(column.distinct()), "real");
        text(call, "most_common_vals", column.commonValues(), "text");
        text(call, "most_common_freqs", column.commonFrequencies(), "real[]");
        text(call, "histogram_bounds", column.histogram(), "text");
        text(call, "correlation", column.correlation(), "real");
        text(call, "most_common_elems", column.commonElements(), "text");
        text(call, "most_common_elem_freqs", column.elementFrequencies(), "real[]");
        text(call, "elem_count_histogram", column.elementCounts(), "real[]");
        text(call, "range_length_histogram", column.rangeLengths(), "text");
        text(call, "range_empty_frac", column.emptyRanges(), "real");
        text(call, "range_bounds_histogram", column.rangeBounds(), "text");
        return call.append(") FROM parse_ident(")
                .append(Quote.literal(column.relation()))
                .append(") name WHERE to_regclass(")
                .append(Quote.literal(column.relation()))
                .append(") IS NOT NULL")
                .toString();
    }

    private static void text(StringBuilder call, String name, @Nullable Object value, String type) {
        if (value != null) {
            call.append(", '").append(name).append("', ");
            call.append(Quote.literal(value.toString())).append("::").append(type);
        }
    }

    private @Nullable String insert(Snapshot.Column column) {
        Place place = places.get(column.relation() + "." + column.name());
        if (place == null) {
            return null; // its relation could not be made, which has been told
        }
        if (place.runsCode()) {
            omit(column, "its type has a domain within, whose CHECK is code");
            return null;
        }
        List<Slot> slots = slots(column, place);
        StringBuilder sql = new StringBuilder("INSERT INTO pg_statistic VALUES (");
        sql.append(place.relation())
                .append(", ")
                .append(place.number())
                .append(", ")
                .append(column.inherited());
        sql.append(", ").append(column.nullFraction()).append(", ").append(column.averageWidth());
        sql.append(", ").append(column.distinct());
        for (int i = 0; i < SLOTS; i++) {
            sql.append(", ").append(i < slots.size() ? slots.get(i).kind() : 0);
        }
        for (int i = 0; i < SLOTS; i++) {
            sql.append(", ").append(i < slots.size() ? slots.get(i).operator() : 0);
        }
        for (int i = 0; i < SLOTS; i++) {
            sql.append(", ").append(i < slots.size() ? slots.get(i).collation() : 0);
        }
        for (int i = 0; i < SLOTS; i++) {
            String numbers = i < slots.size() ? slots.get(i).numbers() : null;
            sql.append(", ").append(numbers == null ? "NULL" : Quote.literal(numbers) + "::real[]");
        }
        for (int i = 0; i < SLOTS; i++) {
            String values = i < slots.size() ? slots.get(i).values() : null;
            sql.append(", ")
                    .append(
                            values == null
                                    ? "NULL"
                                    : "array_in(" + Quote.literal(values) + ", "
                                            + slots.get(i).type() + ", -1)");
        }
        return sql.append(")").toString();
    }

    private static List<Slot> slots(Snapshot.Column column, Place place) {
        List<Slot> slots = new ArrayList<>();
        if (column.commonValues() != null) {
            slots.add(new Slot(
                    1,
                    place.equal(),
                    place.collation(),
                    column.commonFrequencies(),
                    column.commonValues(),
                    place.type()));
        }
        if (column.histogram() != null) {
            slots.add(new Slot(2, place.less(), place.collation(), null, column.histogram(), place.type()));
        }
        if (column.correlation() != null) {
            String number = "{" + column.correlation() + "}";
            slots.add(new Slot(3, place.less(), place.collation(), number, null, 0));
        }
        if (column.commonElements() != null) {
            slots.add(new Slot(
                    4,
                    place.elementEqual(),
                    place.elementCollation(),
                    column.elementFrequencies(),
                    column.commonElements(),
                    place.element()));
        }
        if (column.elementCounts() != null) {
            slots.add(new Slot(5, place.elementEqual(), place.elementCollation(), column.elementCounts(), null, 0));
        }
        if (column.rangeLengths() != null) {
            String empty = "{" + column.emptyRanges() + "}";
            slots.add(new Slot(6, FLOAT8_LESS, 0, empty, column.rangeLengths(), FLOAT8));
        }
        if (column.rangeBounds() != null) {
            slots.add(new Slot(7, 0, 0, null, column.rangeBounds(), place.type()));
        }
        return slots;
    }
}

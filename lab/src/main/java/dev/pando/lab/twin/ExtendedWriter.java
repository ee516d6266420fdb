package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import dev.pando.lab.twin.ExtendedBytes.Item;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives the statistics objects of a twin the data that the target's have. No version up to 18 takes them as text, so they are written as
 * bytes. A list of common values has values as the server keeps them: it is made by ANALYZE, of a table with one row for each, and then
 * given the target's frequencies.
 */
final class ExtendedWriter {
    private static final String ROWS = "pando_sample.rows";
    /** Of an item of a list of common values: whether each value is NULL and its place among its column's, and two frequencies. */
    private static final int BYTES_OF_VALUE = 3;

    private static final int BYTES_OF_FREQUENCIES = 2 * Double.BYTES;

    private record Place(long object, String table, List<String> expressions) {}

    private record Frequencies(int place, double frequency, double base) {}

    private final Connection connection;
    private final Deputy deputy;
    private final int major;
    private final List<Omission> omissions;

    ExtendedWriter(Connection connection, Deputy deputy, int major, List<Omission> omissions) {
        this.connection = connection;
        this.deputy = deputy;
        this.major = major;
        this.omissions = omissions;
    }

    /** Within a transaction; what the server refuses is told and leaves the others as they are. */
    void write(List<Snapshot.Extended> all) throws SQLException {
        for (Snapshot.Extended data : all) {
            Sql.run(connection, "SAVEPOINT extended");
            try {
                write(data);
            } catch (SQLException e) {
                Sql.run(connection, "ROLLBACK TO extended");
                omissions.add(new Omission("extended statistics", data.statistics(), Messages.of(e)));
            }
            Sql.run(connection, "RELEASE extended");
        }
    }

    private void write(Snapshot.Extended data) throws SQLException {
        Sql.ownNames(connection);
        List<Place> places = Sql.rows(
                connection,
                row -> new Place(row.getLong(1), row.getString(2), ArrayText.read(row.getString(3))),
                """
                SELECT s.oid, s.stxrelid::regclass, coalesce(pg_get_statisticsobjdef_expressions(s.oid), '{}')::text
                FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
                WHERE quote_ident(n.nspname) || '.' || quote_ident(s.stxname) = ?
                """,
                data.statistics());
        if (places.isEmpty()) {
            return; // it could not be made, which has been told
        }
        Place place = places.getFirst();
        makeRows(place, data);
        String sql = "INSERT INTO pg_statistic_ext_data SELECT " + place.object() + ", " + data.inherited() + ", "
                + bytes(
                        data.distinct() == null ? null : ExtendedBytes.distinct(items(place, data, data.distinct())),
                        "pg_ndistinct")
                + ", "
                + bytes(
                        data.dependencies() == null
                                ? null
                                : ExtendedBytes.dependencies(items(place, data, data.dependencies())),
                        "pg_dependencies")
                + ", "
                + bytes(common(data), "pg_mcv_list") + ", " + expressions(data);
        deputy.run(connection, ExtendedBytes.withCasts(sql));
        Sql.run(connection, "DROP SCHEMA pando_sample CASCADE");
    }

    private static String bytes(byte @Nullable [] bytes, String type) {
        return bytes == null ? "NULL" : "decode('" + HexFormat.of().formatHex(bytes) + "', 'hex')::" + type;
    }

    /** Columns have other numbers in a table that has lost some; expressions have the same. */
    private List<Item> items(Place place, Snapshot.Extended data, String text) throws SQLException {
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < data.columns().size(); i++) {
            String number = Sql.one(
                    connection,
                    "SELECT attnum FROM pg_attribute WHERE attrelid = ?::regclass AND attname = ?",
                    place.table(),
                    data.columns().get(i));
            numbers.put(data.numbers().get(i), Integer.valueOf(number));
        }
        return ExtendedText.read(text).stream()
                .map(item -> new Item(
                        item.attributes().stream()
                                .map(number -> numbers.getOrDefault(number, number))
                                .toList(),
                        item.value()))
                .toList();
    }

    /** An empty table with a column for each of the object's, of its type. */
    private void makeRows(Place place, Snapshot.Extended data) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < data.columns().size(); i++) {
            values.add(Quote.identifier(data.columns().get(i)) + " AS c" + (i + 1));
        }
        for (int i = 0; i < place.expressions().size(); i++) {
            values.add("(" + place.expressions().get(i) + ") AS x" + (i + 1));
        }
        Sql.run(
                connection,
                "CREATE SCHEMA pando_sample",
                "CREATE TABLE " + ROWS + " AS SELECT " + String.join(", ", values) + " FROM " + place.table()
                        + " WITH NO DATA");
    }

    private byte @Nullable [] common(Snapshot.Extended data) throws SQLException {
        if (data.commonValues() == null) {
            return null;
        }
        List<String> columns = Sql.rows(connection, row -> row.getString(1), """
                SELECT '(v[i][' || attnum || '])::' || format_type(atttypid, atttypmod) FROM pg_attribute
                WHERE attrelid = 'pando_sample.rows'::regclass AND attnum > 0 ORDER BY attnum
                """);
        String values =
                "(SELECT " + Quote.literal(data.commonValues()) + "::text[] AS v) a, generate_subscripts(v, 1) i";
        Sql.run(connection, "INSERT INTO " + ROWS + " SELECT " + String.join(", ", columns) + " FROM " + values);
        String names = Sql.one(connection, """
                SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'pando_sample.rows'::regclass AND attnum > 0
                """);
        String count = Sql.one(connection, "SELECT count(*) FROM " + ROWS);
        Sql.run(
                connection,
                "CREATE STATISTICS pando_sample.common (mcv) ON " + names + " FROM " + ROWS,
                "ALTER STATISTICS pando_sample.common SET STATISTICS " + count,
                "ANALYZE " + ROWS);
        return withFrequencies(data, columns.size(), Integer.parseInt(count));
    }

    private byte[] withFrequencies(Snapshot.Extended data, int columns, int count) throws SQLException {
        String made =
                "pg_statistic_ext_data d JOIN pg_statistic_ext s ON s.oid = d.stxoid AND s.stxnamespace = 'pando_sample'::regnamespace"
                        + " WHERE s.stxname = 'common'";
        Sql.ownNames(connection);
        List<Frequencies> all = Sql.rows(
                connection, row -> new Frequencies(row.getInt(1), row.getDouble(2), row.getDouble(3)), """
                SELECT m.index, f.frequency, f.base FROM (SELECT d.stxdmcv FROM %s) d, pg_mcv_list_items(d.stxdmcv) m JOIN (
                  SELECT ARRAY(SELECT v[i][j] FROM generate_subscripts(v, 2) j ORDER BY j) AS values, frequencies[i] AS frequency, bases[i] AS base
                  FROM (SELECT %s::text[] AS v, %s::float8[] AS frequencies, %s::float8[] AS bases) a, generate_subscripts(v, 1) i) f ON f.values = m.values
                """.formatted(
                                made,
                                Quote.literal(String.valueOf(data.commonValues())),
                                Quote.literal(String.valueOf(data.commonFrequencies())),
                                Quote.literal(String.valueOf(data.commonBases()))));
        if (all.size() != count) {
            throw new SQLException("of " + count + " common values " + all.size() + " are the same here");
        }
        byte[] bytes = Sql.rows(connection, row -> row.getBytes(1), "SELECT d.stxdmcv::bytea FROM " + made)
                .getFirst();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int item = columns * BYTES_OF_VALUE + BYTES_OF_FREQUENCIES;
        for (Frequencies one : all) {
            int at = bytes.length - (count - one.place()) * item + columns;
            buffer.putDouble(at, one.frequency()).putDouble(at + Double.BYTES, one.base());
        }
        return bytes;
    }

    /** An array of rows of {@code pg_statistic}: those of the table that stands for the object's columns. */
    private String expressions(Snapshot.Extended data) throws SQLException {
        if (data.expressions().isEmpty()) {
            return "NULL";
        }
        Sql.ownNames(connection);
        long table = Long.parseLong(Sql.one(connection, "SELECT '" + ROWS + "'::regclass::oid"));
        deputy.run(connection, "DELETE FROM pg_statistic WHERE starelid = " + table);
        new ColumnWriter(connection, deputy, major, omissions)
                .write(data.expressions().stream()
                        .map(column -> column.in(ROWS))
                        .toList());
        return "(SELECT array_agg(p ORDER BY staattnum) FROM pg_statistic p WHERE starelid = " + table + ")";
    }
}

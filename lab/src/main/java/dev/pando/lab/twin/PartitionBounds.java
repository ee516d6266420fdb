package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a table's rows into partitions by the statistics of the key's column. */
final class PartitionBounds {
    private static final int MOST_PARTITIONS = 1000;
    /** Starts where a calendar's unit does. */
    private static final String TIMES = """
            WITH ends AS (SELECT min(v)::timestamp AS least, max(v)::timestamp AS most, %1$s::interval AS width FROM unnest(%2$s) v)
            SELECT quote_literal(b::%3$s) || '::%3$s' FROM ends, generate_series(date_trunc(
              CASE WHEN extract(year FROM width) > 0 THEN 'year' WHEN extract(month FROM width) = 3 THEN 'quarter' WHEN extract(month FROM width) > 0 THEN 'month'
                WHEN extract(day FROM width) = 7 THEN 'week' WHEN extract(day FROM width) > 0 THEN 'day' WHEN extract(hour FROM width) > 0 THEN 'hour' ELSE 'minute' END,
              least), most + width, width) b LIMIT %4$d
            """;

    private static final String NUMBERS = """
            WITH ends AS (SELECT min(v)::numeric AS least, max(v)::numeric AS most, %1$s::numeric AS width FROM unnest(%2$s) v)
            SELECT quote_literal(b::%3$s) || '::%3$s' FROM ends, generate_series(floor(least / width) * width, most + width, width) b LIMIT %4$d
            """;

    /** A partition, its bounds in the words of PARTITION OF, the condition that its rows meet where a query can say it, and its ends. */
    record Part(
            String bounds,
            @Nullable String condition,
            @Nullable String from,
            @Nullable String to) {
        static Part other(String bounds, @Nullable String condition) {
            return new Part(bounds, condition, null, null);
        }

        boolean isDefault() {
            return bounds.equals("DEFAULT");
        }
    }

    private final Connection connection;
    private final Partitioning partitioning;
    private final Snapshot.Column column;
    private final String key;
    private final String type;

    PartitionBounds(Connection connection, Partitioning partitioning, Snapshot.Column column, String type) {
        this.connection = connection;
        this.partitioning = partitioning;
        this.column = column;
        this.key = Quote.identifier(column.name());
        this.type = type;
    }

    List<Part> parts() throws SQLException {
        List<Part> parts = switch (partitioning.strategy()) {
            case "HASH" -> hashes(partitioning.modulus() == null ? 0 : partitioning.modulus());
            case "LIST" -> values();
            default ->
                partitioning.every() == null ? split(String.valueOf(partitioning.at())) : every(partitioning.every());
        };
        if (parts.size() > MOST_PARTITIONS) {
            throw partitioning.refused("that would be more than " + MOST_PARTITIONS + " partitions");
        }
        if (partitioning.strategy().equals("LIST")
                || (partitioning.strategy().equals("RANGE") && column.nullFraction() > 0)) {
            parts.add(Part.other("DEFAULT", null));
        }
        return parts;
    }

    private static List<Part> hashes(int modulus) {
        List<Part> parts = new ArrayList<>();
        for (int remainder = 0; remainder < modulus; remainder++) {
            parts.add(Part.other("FOR VALUES WITH (MODULUS " + modulus + ", REMAINDER " + remainder + ")", null));
        }
        return parts;
    }

    private List<Part> values() {
        List<Part> parts = new ArrayList<>();
        for (String value : column.commonValues() == null ? List.<String>of() : ArrayText.read(column.commonValues())) {
            String literal = Quote.literal(value) + "::" + type;
            parts.add(Part.other("FOR VALUES IN (" + literal + ")", key + " = " + literal));
        }
        if (parts.isEmpty()) {
            throw partitioning.refused("no value of " + key + " is a common one by its statistics");
        }
        return parts;
    }

    private List<Part> split(String at) throws SQLException {
        List<String> bounds = Sql.rows(
                connection,
                row -> row.getString(1),
                "SELECT quote_literal(b) || '::" + type + "' FROM unnest(ARRAY[" + at + "]::" + type
                        + "[]) b ORDER BY b");
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i <= bounds.size(); i++) {
            parts.add(between(i == 0 ? null : bounds.get(i - 1), i == bounds.size() ? null : bounds.get(i)));
        }
        return parts;
    }

    private List<Part> every(String width) throws SQLException {
        boolean time = type.startsWith("timestamp") || type.equals("date");
        if (!time
                && !List.of("smallint", "integer", "bigint", "real", "double precision")
                        .contains(type)
                && !type.startsWith("numeric")) {
            throw partitioning.refused(
                    "EVERY is for times and numbers, and " + key + " is " + type + ": give bounds by AT");
        }
        String values = "(" + array(column.histogram()) + " || " + array(column.commonValues()) + ")";
        String bare = width.strip().replaceFirst("^'(.*)'$", "$1");
        List<String> bounds = Sql.rows(
                connection,
                row -> row.getString(1),
                (time ? TIMES : NUMBERS).formatted(Quote.literal(bare), values, type, MOST_PARTITIONS + 2));
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < bounds.size(); i++) {
            parts.add(between(bounds.get(i - 1), bounds.get(i)));
        }
        return parts;
    }

    private Part between(@Nullable String from, @Nullable String to) {
        List<String> conditions = new ArrayList<>();
        if (from != null) {
            conditions.add(key + " >= " + from);
        }
        if (to != null) {
            conditions.add(key + " < " + to);
        }
        return new Part(
                "FOR VALUES FROM (" + (from == null ? "MINVALUE" : from) + ") TO (" + (to == null ? "MAXVALUE" : to)
                        + ")",
                String.join(" AND ", conditions),
                from,
                to);
    }

    private String array(@Nullable String values) {
        return Quote.literal(values == null ? "{}" : values) + "::" + type + "[]";
    }
}

package dev.pando.lab.twin;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes the data's values out of a snapshot. Within each type that has an order a value becomes its rank among all values that the snapshot has
 * of it: the order stays, and equal values of several columns stay equal, so that joins, groups and parameters are reckoned as before. What a
 * constant of a query selects is no longer known, since ranks are no constants of anybody's. Values of other types go. Those of enums and
 * booleans stay: the schema has them anyway.
 */
public final class Redaction {
    private static final LocalDateTime FIRST_TIME = LocalDateTime.of(3000, 1, 1, 0, 0);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** A family of types whose values are ranked together. */
    private enum Family {
        NUMBER,
        DATE,
        TIME,
        TEXT,
        UUID,
        OPEN,
        HIDDEN;

        static Family of(String type) {
            return switch (type) {
                case "int2", "int4", "int8", "numeric", "float4", "float8" -> NUMBER;
                case "date" -> DATE;
                case "timestamp", "timestamptz" -> TIME;
                case "text", "varchar", "bpchar", "name", "citext" -> TEXT;
                case "uuid" -> UUID;
                case "bool", "enum" -> OPEN;
                default -> HIDDEN;
            };
        }

        Comparator<String> order() {
            return this == NUMBER ? Comparator.comparing(Redaction::number) : Comparator.naturalOrder();
        }

        String ranked(long rank) {
            return switch (this) {
                case NUMBER -> Long.toString(rank);
                case DATE -> FIRST_TIME.toLocalDate().plusDays(rank).toString();
                case TIME -> FIRST_TIME.plusSeconds(rank).format(SECONDS);
                case UUID -> "00000000-0000-0000-0000-" + String.format(Locale.ROOT, "%012x", rank);
                case TEXT, OPEN, HIDDEN -> String.format(Locale.ROOT, "v%07d", rank);
            };
        }
    }

    private final Map<Family, Map<String, String>> ranks = new HashMap<>();

    private Redaction(Snapshot snapshot) {
        Map<Family, TreeSet<String>> values = new HashMap<>();
        for (Snapshot.Column column : snapshot.columns()) {
            Family family = Family.of(column.type());
            for (String array : new String[] {column.commonValues(), column.histogram()}) {
                if (array != null && family != Family.OPEN && family != Family.HIDDEN) {
                    values.computeIfAbsent(family, key -> new TreeSet<>(family.order()))
                            .addAll(ArrayText.read(array));
                }
            }
        }
        values.forEach((family, sorted) -> {
            Map<String, String> ranked = new HashMap<>();
            long rank = 0;
            for (String value : sorted) {
                ranked.put(value, family.ranked(++rank));
            }
            ranks.put(family, ranked);
        });
    }

    /** {@code snapshot} without values from rows; texts of the schema stay as they are. */
    public static Snapshot of(Snapshot snapshot) {
        Redaction redaction = new Redaction(snapshot);
        return new Snapshot(
                snapshot.format(),
                snapshot.server(),
                snapshot.settings(),
                snapshot.schema(),
                snapshot.relations(),
                snapshot.columns().stream().map(redaction::redacted).toList(),
                snapshot.extended().stream().map(redaction::redacted).toList(),
                snapshot.omissions(),
                true);
    }

    private Snapshot.Column redacted(Snapshot.Column column) {
        Family family = Family.of(column.type());
        String common = values(family, column.commonValues());
        return new Snapshot.Column(
                column.relation(),
                column.name(),
                column.type(),
                column.inherited(),
                column.nullFraction(),
                column.averageWidth(),
                column.distinct(),
                common,
                common == null ? null : column.commonFrequencies(),
                histogram(family, column.histogram()),
                column.correlation(),
                null,
                null,
                column.elementCounts(),
                column.rangeLengths(),
                column.emptyRanges(),
                null);
    }

    private Snapshot.Extended redacted(Snapshot.Extended data) {
        return new Snapshot.Extended(
                data.statistics(),
                data.inherited(),
                data.columns(),
                data.numbers(),
                data.distinct(),
                data.dependencies(),
                null,
                null,
                null,
                data.expressions().stream().map(this::redacted).toList());
    }

    private @Nullable String values(Family family, @Nullable String array) {
        if (array == null || family == Family.OPEN) {
            return array;
        }
        return family == Family.HIDDEN
                ? null
                : ArrayText.write(ArrayText.read(array).stream()
                        .map(value -> rank(family, value))
                        .toList());
    }

    /** Bounds have to ascend; texts were ranked by their characters' numbers, which may not be their collation's order. */
    private @Nullable String histogram(Family family, @Nullable String array) {
        String redacted = values(family, array);
        if (redacted == null || family == Family.OPEN) {
            return redacted;
        }
        List<String> bounds = new ArrayList<>(ArrayText.read(redacted));
        bounds.sort(family.order());
        return ArrayText.write(bounds);
    }

    private String rank(Family family, String value) {
        String rank = ranks.getOrDefault(family, Map.of()).get(value);
        // Numbers that are equal are one in the order: 1.0 and 1.00 have the rank of the first.
        return rank != null ? rank : nearest(family, value);
    }

    private String nearest(Family family, String value) {
        return ranks.getOrDefault(family, Map.of()).entrySet().stream()
                .filter(entry -> family.order().compare(entry.getKey(), value) == 0)
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(family.ranked(0));
    }

    private static BigDecimal number(String text) {
        return switch (text) {
            case "NaN", "Infinity" -> new BigDecimal("1e400");
            case "-Infinity" -> new BigDecimal("-1e400");
            default -> new BigDecimal(text);
        };
    }
}

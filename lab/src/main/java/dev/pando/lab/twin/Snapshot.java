package dev.pando.lab.twin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is known of a target database: what its planner decides by, and no row of it. */
public record Snapshot(
        int format,
        Server server,
        Map<String, String> settings,
        List<SchemaObject> schema,
        List<Relation> relations,
        List<Column> columns,
        List<Extended> extended,
        List<Omission> omissions,
        boolean redacted) {
    /** The version of the file's format that this Pando writes. */
    public static final int FORMAT = 2;

    /** The target's server and database. {@code locale} and {@code rules} are those of provider {@code i} or {@code b}. */
    public record Server(
            int major,
            String version,
            String database,
            String encoding,
            String provider,
            String collate,
            String ctype,
            @Nullable String locale,
            @Nullable String rules,
            int blockSize,
            String user) {}

    /** A table, materialised view or index: its real length and what {@code pg_class} says of it. */
    public record Relation(
            String name, String kind, long blocks, int pages, float tuples, int allVisible, int allFrozen) {}

    /** A row of {@code pg_stats}, arrays as text. {@code type} is PostgreSQL's own name of a built-in type, "enum", or "other". */
    public record Column(
            String relation,
            String name,
            String type,
            boolean inherited,
            float nullFraction,
            int averageWidth,
            float distinct,
            @Nullable String commonValues,
            @Nullable String commonFrequencies,
            @Nullable String histogram,
            @Nullable Float correlation,
            @Nullable String commonElements,
            @Nullable String elementFrequencies,
            @Nullable String elementCounts,
            @Nullable String rangeLengths,
            @Nullable Float emptyRanges,
            @Nullable String rangeBounds) {
        /** The same of {@code relation} alone. */
        Column in(String relation) {
            return new Column(
                    relation,
                    name,
                    type,
                    false,
                    nullFraction,
                    averageWidth,
                    distinct,
                    commonValues,
                    commonFrequencies,
                    histogram,
                    correlation,
                    commonElements,
                    elementFrequencies,
                    elementCounts,
                    rangeLengths,
                    emptyRanges,
                    rangeBounds);
        }
    }

    /**
     * A row of {@code pg_stats_ext}, arrays as text: {@code columns} by name, and the {@code numbers} that they have in the texts. Rows of
     * {@code pg_stats_ext_exprs} are the {@code expressions}, as columns {@code x1}, {@code x2}, ….
     */
    public record Extended(
            String statistics,
            boolean inherited,
            List<String> columns,
            List<Integer> numbers,
            @Nullable String distinct,
            @Nullable String dependencies,
            @Nullable String commonValues,
            @Nullable String commonFrequencies,
            @Nullable String commonBases,
            List<Column> expressions) {}
}

package dev.pando.lab.twin;

import dev.pando.lab.twin.ExtendedBytes.Item;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Extended statistics that a twin's ANALYZE computes of a table with a sample, for an object on the table that the sample is of. */
final class SampleStatistics {
    private static final Map<Character, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put('d', "ndistinct");
        KINDS.put('f', "dependencies");
        KINDS.put('m', "mcv");
    }

    private record Groups(double all, double single) {}

    private final Connection connection;
    private final Deputy deputy;
    private final String table;
    private final long object;
    private final SampleEstimate sample;
    private final Map<Integer, String> attributes = new LinkedHashMap<>();
    /** The objects that are computed, by their names: by number nothing else is taken for them. */
    private final Map<String, Long> made = new LinkedHashMap<>();

    SampleStatistics(Connection connection, Deputy deputy, String table, long object, SampleEstimate sample)
            throws SQLException {
        this.connection = connection;
        this.deputy = deputy;
        this.table = table;
        this.object = object;
        this.sample = sample;
        Sql.rows(connection, row -> attributes.put(row.getInt(1), row.getString(2)), """
                SELECT k, quote_ident(attname) FROM pg_statistic_ext s, unnest(s.stxkeys) k JOIN pg_attribute a ON a.attnum = k
                WHERE s.oid = ? AND a.attrelid = s.stxrelid
                UNION ALL SELECT -number, '(' || text || ')' FROM unnest(pg_get_statisticsobjdef_expressions(?)) WITH ORDINALITY e (text, number)
                """, object, object);
    }

    /** An object for each kind, so that each can have its own number of values; answers what is not as it would be over all rows. */
    List<String> compute(String kinds, String columns, int target) throws SQLException {
        List<String> notes = new ArrayList<>();
        for (Map.Entry<Character, String> kind : KINDS.entrySet()) {
            if (kinds.indexOf(kind.getKey()) >= 0 && (kind.getKey() != 'm' || commonOnes(target) > 0)) {
                create(kind.getValue(), " (" + kind.getValue() + ")", columns);
                if (kind.getKey() == 'm' && commonOnes(target) < target) {
                    Sql.run(connection, "ALTER STATISTICS pando_sample.mcv SET STATISTICS " + commonOnes(target));
                }
            }
        }
        if (made.isEmpty() && kinds.indexOf('e') >= 0) {
            create("expression", "", columns);
        }
        Sql.run(connection, "ANALYZE " + table);
        if (kinds.indexOf('e') >= 0 && !sample.whole()) {
            notes.add("common values of expressions are those of the sample; ANALYZE may keep fewer");
        }
        return notes;
    }

    private void create(String name, String kind, String columns) throws SQLException {
        Sql.run(connection, "CREATE STATISTICS pando_sample." + name + kind + " ON " + columns + " FROM " + table);
        Sql.ownNames(connection);
        String oid = Sql.one(
                connection,
                "SELECT oid FROM pg_statistic_ext WHERE stxnamespace = 'pando_sample'::regnamespace AND stxname = ?",
                name);
        made.put(name, Long.valueOf(oid));
    }

    /** Combinations that are common in the table too; all of a sample that is the whole table. */
    private long commonOnes(int target) throws SQLException {
        if (sample.whole()) {
            return target;
        }
        String common = Sql.one(
                connection,
                "SELECT count(*) FROM " + grouped(List.copyOf(attributes.keySet())) + " g WHERE n >= "
                        + sample.leastCommon());
        return Math.min(target, Long.parseLong(common));
    }

    private Groups groups(List<Integer> numbers) throws SQLException {
        return Sql.rows(
                        connection,
                        row -> new Groups(row.getDouble(1), row.getDouble(2)),
                        "SELECT count(*), count(*) FILTER (WHERE n = 1) FROM " + grouped(numbers) + " g")
                .getFirst();
    }

    private String grouped(List<Integer> numbers) {
        String values = numbers.stream()
                .map(number -> attributes.get(number) + " AS " + place(number))
                .collect(Collectors.joining(", "));
        String places = numbers.stream().map(SampleStatistics::place).collect(Collectors.joining(", "));
        return "(SELECT count(*) AS n, " + places + " FROM (SELECT " + values + " FROM " + table + ") v GROUP BY "
                + places + ")";
    }

    private static String place(int number) {
        return number < 0 ? "e" + -number : "c" + number;
    }

    /** Gives the object on the real table what was computed. {@code tree}: for the table with its children. */
    void transfer(boolean tree) throws SQLException {
        Sql.ownNames(connection);
        byte[] distinct = distinct();
        String distinctSql =
                distinct == null ? "NULL" : "decode('" + HexFormat.of().formatHex(distinct) + "', 'hex')::pg_ndistinct";
        deputy.run(
                connection,
                ExtendedBytes.withCasts("INSERT INTO pg_statistic_ext_data SELECT " + object + ", " + tree + ", "
                        + distinctSql + ", " + data("dependencies") + ", " + data("mcv") + ", " + data("expr")));
        correctExpressions();
    }

    private String data(String column) {
        String all = made.values().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return all.isEmpty()
                ? "NULL"
                : "(SELECT d.stxd%1$s FROM pg_statistic_ext_data d WHERE d.stxoid IN (%2$s) AND d.stxd%1$s IS NOT NULL ORDER BY d.stxoid LIMIT 1)"
                        .formatted(column, all);
    }

    private byte @Nullable [] distinct() throws SQLException {
        byte[] bytes = Sql.rows(connection, row -> row.getBytes(1), "SELECT " + data("ndistinct") + "::bytea")
                .getFirst();
        if (bytes == null || sample.whole()) {
            return bytes;
        }
        List<Item> items = new ArrayList<>();
        for (Item item : ExtendedBytes.readDistinct(bytes)) {
            Groups groups = groups(item.attributes());
            items.add(new Item(item.attributes(), sample.groups(groups.all(), groups.single())));
        }
        return ExtendedBytes.distinct(items);
    }

    /** The numbers of distinct values, which follow the table's size. */
    private void correctExpressions() throws SQLException {
        List<Integer> expressions =
                attributes.keySet().stream().filter(number -> number < 0).toList();
        if (sample.whole() || expressions.isEmpty()) {
            return;
        }
        StringBuilder distinct = new StringBuilder("CASE ordinality");
        for (int number : expressions) {
            String value = place(number);
            String estimate = Sql.rows(
                            connection,
                            row -> Double.toString(sample.column(
                                    sample.rows() - row.getDouble(1), row.getDouble(2), row.getDouble(3))),
                            "SELECT coalesce(sum(n), 0), count(*), count(*) FILTER (WHERE n = 1) FROM "
                                    + grouped(List.of(number)) + " g WHERE " + value + " IS NOT NULL")
                    .getFirst();
            distinct.append(" WHEN ").append(-number).append(" THEN ").append(estimate);
        }
        Sql.ownNames(connection); // others' expressions have run
        String columns = Sql.one(connection, """
                SELECT string_agg(CASE attname WHEN 'stadistinct' THEN '(%s END)::real' ELSE 'e.' || attname END, ', ' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = 'pg_statistic'::regclass AND attnum > 0
                """.formatted(distinct));
        deputy.run(connection, """
                UPDATE pg_statistic_ext_data d SET stxdexpr = (SELECT array_agg(ROW(%s)::pg_statistic ORDER BY ordinality)
                  FROM unnest(d.stxdexpr) WITH ORDINALITY e) WHERE stxoid = %d
                """.formatted(columns, object));
    }

    /** In words, for people. */
    List<String> found() throws SQLException {
        List<String> found = new ArrayList<>();
        List<String> texts = Sql.rows(
                        connection,
                        row -> Arrays.asList(row.getString(1), row.getString(2)),
                        "SELECT stxdndistinct::text, stxddependencies::text FROM pg_statistic_ext_data WHERE stxoid = "
                                + object)
                .getFirst();
        String distinct = texts.getFirst();
        if (distinct != null) {
            ExtendedText.read(distinct)
                    .forEach(item -> found.add(
                            String.format(Locale.ROOT, "%,.0f distinct %s", item.value(), names(item.attributes()))));
        }
        String dependencies = texts.getLast();
        if (dependencies != null) {
            ExtendedText.read(dependencies)
                    .forEach(item -> found.add(String.format(
                            Locale.ROOT,
                            "%s => %s in %.2f %% of the rows",
                            names(item.attributes().subList(0, item.attributes().size() - 1)),
                            names(List.of(item.attributes().getLast())),
                            item.value() * 100)));
        }
        found.addAll(Sql.rows(
                connection,
                row -> String.format(
                        Locale.ROOT, "%,d common combinations, %.1f %% of the rows", row.getLong(1), row.getDouble(2)),
                "SELECT count(*), sum(frequency) * 100 FROM pg_statistic_ext_data, pg_mcv_list_items(stxdmcv) WHERE stxoid = "
                        + object + " HAVING count(*) > 0"));
        return found;
    }

    private String names(List<Integer> numbers) {
        return numbers.stream().map(attributes::get).map(String::valueOf).collect(Collectors.joining(", "));
    }
}

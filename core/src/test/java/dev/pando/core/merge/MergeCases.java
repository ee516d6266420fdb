package dev.pando.core.merge;

import dev.pando.core.merge.MergeSpec.Grouping;
import dev.pando.core.merge.MergeSpec.Output;
import dev.pando.core.merge.MergeSpec.SortKey;
import dev.pando.core.merge.MergeSpec.TextOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random tables and statements over them. Values whose choice PostgreSQL leaves open (1.0 or 1.00 of a group) are kept out. */
final class MergeCases {
    private static final int MOST_PARTS = 4;

    private static final List<Column> COLUMNS = List.of(
            new Column("i2", 21, "(-32768)::int2", "32767::int2", "0::int2", "7::int2"),
            new Column("i4", 23, "(-2147483648)::int4", "2147483647::int4", "0::int4", "-1::int4", "100::int4"),
            new Column("i8", 20, "(-9223372036854775808)::int8", "9223372036854775807::int8", "3::int8", "44::int8"),
            new Column("o", 26, "0::oid", "4294967295::oid", "2147483648::oid"),
            new Column(
                    "n",
                    1700,
                    "0::numeric",
                    "1.0",
                    "1.00",
                    "-2.5",
                    "1e20::numeric",
                    "0.000000000000000000123",
                    "12345678901234567890.123456789",
                    "-99999999.9999",
                    "9999",
                    "10000",
                    "0.0001",
                    "'NaN'::numeric"),
            new Column(
                    "f8",
                    701,
                    "0::float8",
                    "1.25::float8",
                    "-3.5::float8",
                    "'NaN'::float8",
                    "'Infinity'::float8",
                    "'-Infinity'::float8",
                    "1048576.5::float8"),
            new Column("f4", 700, "0::float4", "0.5::float4", "-8.25::float4", "'Infinity'::float4", "'NaN'::float4"),
            new Column("t", 25, "''", "'a'", "'B'", "'é'", "'z'", "'ab'", "'a b'", "'😀'", "E'\\uFFEE'", "' a'"),
            new Column("bp", 1042, "''::char(5)", "'a'::char(5)", "'a b'::char(5)", "'é'::char(5)", "'B'::char(5)"),
            new Column("b", 16, "true", "false"),
            new Column(
                    "u",
                    2950,
                    "'00000000-0000-0000-0000-000000000001'::uuid",
                    "'80000000-0000-0000-0000-000000000000'::uuid",
                    "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
                    "'7fffffff-ffff-ffff-ffff-ffffffffffff'::uuid"),
            new Column(
                    "by", 17, "''::bytea", "'\\x00'::bytea", "'\\xff00'::bytea", "'\\x7f'::bytea", "'\\x5c78'::bytea"),
            new Column(
                    "d",
                    1082,
                    "'2024-02-29'::date",
                    "'0044-03-15 BC'::date",
                    "'infinity'::date",
                    "'-infinity'::date",
                    "'12024-01-01'::date",
                    "'1999-12-31'::date"),
            new Column("tm", 1083, "'00:00'::time", "'24:00'::time", "'12:34:56.789'::time", "'12:34:56.78901'::time"),
            new Column(
                    "ts",
                    1114,
                    "'2024-02-29 12:00'::timestamp",
                    "'0001-01-01 00:00:00.5 BC'::timestamp",
                    "'infinity'::timestamp",
                    "'-infinity'::timestamp",
                    "'2024-02-29 12:00:00.000001'::timestamp"),
            new Column(
                    "tz",
                    1184,
                    "'2024-02-29 12:00+00'::timestamptz",
                    "'1850-01-01 00:00+00'::timestamptz",
                    "'infinity'::timestamptz",
                    "'2024-07-01 12:00+05:30'::timestamptz",
                    "'0044-03-15 BC'::timestamptz"),
            new Column("nm", 19, "'a'::name", "'B'::name", "'é'::name"),
            new Column("ch", 18, "'a'::\"char\"", "''::\"char\"", "'\\377'::\"char\"", "'Z'::\"char\""));

    private final Random random;

    MergeCases(Random random) {
        this.random = random;
    }

    record Column(String name, int oid, List<String> values) {
        Column(String name, int oid, String... values) {
            this(name, oid, List.of(values));
        }

        /** Of equal numerics the same bytes. */
        String canonical() {
            return name.equals("n") ? "trim_scale(n)" : name;
        }
    }

    /** What is run on the whole ({@code wholeSql}), on each part ({@code shardSql}, with the part's number for %d), and the merge. */
    record Case(
            String wholeSql,
            String shardSql,
            List<Integer> shardTypes,
            MergeSpec spec,
            int parts,
            long limit,
            long offset) {}

    List<String> table(int rows) {
        List<String> sql = new ArrayList<>();
        sql.add("SET timezone = 'Europe/Amsterdam'");
        sql.add("SET bytea_output = " + (random.nextBoolean() ? "hex" : "escape"));
        sql.add("DROP TABLE IF EXISTS whole");
        sql.add(
                "CREATE TABLE whole (k int4, part int4, i2 int2, i4 int4, i8 int8, o oid, n numeric, f8 float8, f4 float4, t text,"
                        + " bp char(5), b bool, u uuid, by bytea, d date, tm time, ts timestamp, tz timestamptz, nm name, ch \"char\")");
        sql.add(IntStream.range(0, rows)
                .mapToObj(k -> "(" + k + "," + random.nextInt(MOST_PARTS) + ","
                        + COLUMNS.stream().map(this::value).collect(Collectors.joining(",")) + ")")
                .collect(Collectors.joining(",", "INSERT INTO whole VALUES ", "")));
        return sql;
    }

    private String value(Column column) {
        return random.nextInt(5) == 0 ? "NULL" : column.values.get(random.nextInt(column.values.size()));
    }

    private List<Column> some(int most) {
        List<Column> shuffled = new ArrayList<>(COLUMNS);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, random.nextInt(most + 1));
    }

    Case ordered() {
        List<Column> visible = some(4);
        List<Column> hidden = some(3);
        List<Column> selected = new ArrayList<>(List.of(new Column("k", 23)));
        selected.addAll(visible);
        selected.addAll(hidden);
        List<SortKey> order = new ArrayList<>();
        List<String> orderSql = new ArrayList<>();
        for (Column column : some(3)) {
            if (!selected.contains(column)) {
                continue;
            }
            int at = selected.indexOf(column);
            addKey(order, orderSql, random.nextBoolean() ? at : at - selected.size(), column.name);
        }
        addKey(order, orderSql, 0, "k");
        long limit = random.nextInt(3) == 0 ? -1 : random.nextInt(20);
        long offset = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
        String orderBy = " ORDER BY " + String.join(", ", orderSql);
        String wholeSql = "SELECT " + names(selected.subList(0, 1 + visible.size())) + " FROM whole" + orderBy
                + (limit < 0 ? "" : " LIMIT " + limit) + " OFFSET " + offset;
        String shardSql = "SELECT " + names(selected) + " FROM whole WHERE part = %d" + orderBy
                + (limit < 0 ? "" : " LIMIT " + (limit + offset));
        MergeSpec spec = new MergeSpec(hidden.size(), order, null, null, null);
        return new Case(wholeSql, shardSql, types(selected), spec, MOST_PARTS, limit, offset);
    }

    private void addKey(List<SortKey> order, List<String> orderSql, int at, String sql) {
        boolean descending = random.nextBoolean();
        boolean nullsFirst = random.nextBoolean();
        order.add(new SortKey(at, descending, nullsFirst, TextOrder.BYTES));
        orderSql.add(sql + (descending ? " DESC" : "") + (nullsFirst ? " NULLS FIRST" : " NULLS LAST"));
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    private static List<Integer> types(List<Column> columns) {
        return columns.stream().map(Column::oid).toList();
    }

    /** A statement with groups while it is put together. */
    private static final class Draft {
        final List<String> whole = new ArrayList<>();
        final List<String> shard = new ArrayList<>();
        final List<Integer> types = new ArrayList<>();
        final List<Output> outputs = new ArrayList<>();

        int shard(String sql, int oid) {
            shard.add(sql);
            types.add(oid);
            return shard.size() - 1;
        }
    }

    Case grouped() {
        Draft draft = new Draft();
        List<Column> keys = some(2);
        List<SortKey> order = new ArrayList<>();
        List<String> orderSql = new ArrayList<>();
        boolean ordered = !keys.isEmpty() && random.nextBoolean();
        for (Column key : keys) {
            int at = draft.shard(key.canonical(), key.oid);
            draft.whole.add(key.canonical());
            draft.outputs.add(new Output.Key(at));
            if (ordered) {
                addKey(order, orderSql, at, key.canonical());
            }
        }
        for (int i = random.nextInt(5) + (keys.isEmpty() ? 1 : 0); i > 0; i--) {
            aggregate(draft);
        }
        String groupBy = keys.isEmpty()
                ? ""
                : " GROUP BY " + keys.stream().map(Column::canonical).collect(Collectors.joining(", "));
        long limit = ordered && random.nextBoolean() ? random.nextInt(10) : -1;
        long offset = ordered && random.nextBoolean() ? random.nextInt(5) : 0;
        String wholeSql = "SELECT " + String.join(", ", draft.whole) + " FROM whole" + groupBy
                + (ordered ? " ORDER BY " + String.join(", ", orderSql) : "")
                + (limit < 0 ? "" : " LIMIT " + limit) + " OFFSET " + offset;
        String shardSql = "SELECT " + String.join(", ", draft.shard) + " FROM whole WHERE part = %d" + groupBy;
        Grouping grouping = new Grouping(IntStream.range(0, keys.size()).boxed().toList(), draft.outputs, 0);
        MergeSpec spec = new MergeSpec(0, order, null, null, grouping);
        return new Case(wholeSql, shardSql, draft.types, spec, MOST_PARTS, limit, offset);
    }

    private void aggregate(Draft draft) {
        Column any = COLUMNS.get(random.nextInt(COLUMNS.size()));
        switch (random.nextInt(6)) {
            case 0 -> {
                draft.whole.add("count(" + any.name + ")");
                draft.outputs.add(new Output.Count(draft.shard("count(" + any.name + ")", 20)));
            }
            case 1 -> sum(draft);
            case 2 -> average(draft);
            case 3 -> {
                boolean and = random.nextBoolean();
                String sql = and ? "bool_and(b)" : "bool_or(b)";
                int at = draft.shard(sql, 16);
                draft.whole.add(sql);
                draft.outputs.add(and ? new Output.BoolAnd(at) : new Output.BoolOr(at));
            }
            default -> {
                // PostgreSQL has no min over these.
                boolean without = List.of("b", "u", "nm", "ch").contains(any.name);
                extreme(draft, without ? COLUMNS.getFirst() : any);
            }
        }
    }

    private void extreme(Draft draft, Column any) {
        boolean least = random.nextBoolean();
        String sql = (least ? "min(" : "max(") + any.canonical() + ")";
        int at = draft.shard(sql, any.oid);
        draft.whole.add(sql);
        draft.outputs.add(least ? new Output.Min(at, TextOrder.BYTES) : new Output.Max(at, TextOrder.BYTES));
    }

    private void sum(Draft draft) {
        List<String> columns = List.of("i2", "i4", "i8", "n", "f8", "f4");
        List<Integer> types = List.of(20, 20, 1700, 1700, 701, 700);
        int chosen = random.nextInt(columns.size());
        String sql = "sum(" + columns.get(chosen) + ")";
        draft.whole.add(sql);
        draft.outputs.add(new Output.Sum(draft.shard(sql, types.get(chosen))));
    }

    private void average(Draft draft) {
        List<String> columns = List.of("i2", "i4", "i8", "n", "f8");
        List<Integer> sumTypes = List.of(20, 20, 1700, 1700, 701);
        int chosen = random.nextInt(columns.size());
        String column = columns.get(chosen);
        int sum = draft.shard("sum(" + column + ")", sumTypes.get(chosen));
        int count = draft.shard("count(" + column + ")", 20);
        draft.whole.add("avg(" + column + ")");
        draft.outputs.add(new Output.Avg(sum, count));
    }
}

package dev.pando.lab.twin;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes queries over whatever schema a database has, from a seed: its columns with some of their values, and its foreign keys and like-named
 * columns as joins. The same data and seed give the same queries.
 */
final class QueryMaker {
    private static final int VALUES = 40;

    /** A column with some values as SQL literals. */
    record Column(String name, String type, List<String> values) {}

    record Table(String name, List<Column> columns) {}

    /** {@code left.leftColumn = right.rightColumn}. */
    record Join(String left, String leftColumn, String right, String rightColumn) {}

    private final TreeMap<String, Table> tables = new TreeMap<>();
    private final List<Join> joins = new ArrayList<>();
    private final List<String> expressions;
    private final Random random;

    private QueryMaker(long seed, List<String> expressions) {
        this.random = new Random(seed);
        this.expressions = expressions;
    }

    /** {@code joins}: "a.x=b.y"; {@code expressions}: whole predicates with their table, "orders: lower(note) = 'x'". */
    static QueryMaker of(Connection database, long seed, List<String> joins, List<String> expressions)
            throws SQLException {
        QueryMaker maker = new QueryMaker(seed, expressions);
        for (String[] row :
                Sql.rows(database, row -> new String[] {row.getString(1), row.getString(2), row.getString(3)}, """
                SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relkind IN ('r', 'p', 'm', 'v') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
                ORDER BY c.relname, a.attnum
                """)) {
            List<String> values = Sql.rows(
                    database,
                    value -> value.getString(1),
                    "SELECT quote_literal(v) FROM (SELECT DISTINCT " + row[1] + "::text v FROM " + row[0] + ") d"
                            + " WHERE v IS NOT NULL ORDER BY md5(v) LIMIT " + VALUES);
            maker.tables
                    .computeIfAbsent(row[0], name -> new Table(name, new ArrayList<>()))
                    .columns()
                    .add(new Column(row[1], row[2], values));
        }
        for (String join : joins) {
            String[] parts = join.split("[.=]", 4);
            maker.joins.add(new Join(parts[0], parts[1], parts[2], parts[3]));
        }
        return maker;
    }

    String next() {
        return switch (random.nextInt(12)) {
            case 0 -> single(predicates(1));
            case 1 -> single(predicates(2));
            case 2, 3 -> joined(2);
            case 4 -> joined(3);
            case 5 -> joined(3 + random.nextInt(3));
            case 6 -> grouped();
            case 7 -> ordered();
            case 8 -> half();
            case 9 -> common();
            case 10 -> distinct();
            default -> expression();
        };
    }

    private Table table() {
        return pick(List.copyOf(tables.values()));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private int predicates(int least) {
        return least + random.nextInt(2);
    }

    private String single(int predicates) {
        Table table = table();
        return "SELECT " + (random.nextBoolean() ? "*" : "count(*)") + " FROM " + table.name() + " t WHERE "
                + where(table, "t", predicates);
    }

    private String where(Table table, String alias, int count) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(predicate(pick(table.columns()), alias));
        }
        return String.join(random.nextInt(6) == 0 ? " OR " : " AND ", all);
    }

    private String predicate(Column column, String alias) {
        String name = alias + "." + column.name();
        if (column.values().isEmpty()) {
            return name + " IS NULL";
        }
        String value = pick(column.values());
        if (column.type().endsWith("[]")) {
            return name + (random.nextBoolean() ? " @> " : " && ") + value;
        }
        return switch (column.type()) {
            case "jsonb" -> name + " @> " + value;
            case "tsvector" -> name + " @@ to_tsquery('simple', 'word" + random.nextInt(60) + "')";
            case "tstzrange" -> name + (random.nextBoolean() ? " && " : " @> ") + value;
            case "boolean" -> (random.nextBoolean() ? "" : "NOT ") + name;
            default -> scalar(column, name, value);
        };
    }

    private String scalar(Column column, String name, String value) {
        boolean text = column.type().startsWith("text") || column.type().startsWith("character varying");
        return switch (random.nextInt(text ? 10 : 8)) {
            case 0, 1, 2 -> name + " = " + value;
            case 3 -> name + pick(List.of(" < ", " > ", " <= ", " >= ")) + value;
            case 4 -> name + " BETWEEN " + value + " AND " + pick(column.values());
            case 5 -> name + " IN (" + value + ", " + pick(column.values()) + ", " + pick(column.values()) + ")";
            case 6 -> name + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            case 7 -> name + " <> " + value;
            default ->
                name + " LIKE "
                        + value.substring(0, Math.max(2, value.length() / 2))
                                .replace("'", "''")
                                .replaceFirst("^''", "'")
                        + (random.nextInt(3) == 0 ? "" : "%") + "'";
        };
    }

    /** FROM with {@code count} tables, each joined to one before it; empty if the joins do not lead so far. */
    private String from(int count, List<String> aliases, List<Table> used, String kind) {
        Join first = pick(joins);
        StringBuilder from = new StringBuilder(first.left() + " t0");
        aliases.add("t0");
        used.add(table(first.left()));
        while (aliases.size() < count) {
            List<Join> shuffled = new ArrayList<>(joins);
            Collections.shuffle(shuffled, random);
            if (!extend(from, aliases, used, shuffled, kind)) {
                break;
            }
        }
        return from.toString();
    }

    private boolean extend(
            StringBuilder from, List<String> aliases, List<Table> used, List<Join> shuffled, String kind) {
        for (Join join : shuffled) {
            for (int i = 0; i < used.size(); i++) {
                boolean left = used.get(i).name().equals(join.left());
                boolean right = used.get(i).name().equals(join.right());
                if (left || right) {
                    String alias = "t" + aliases.size();
                    String other = left ? join.right() : join.left();
                    from.append(kind).append(other).append(' ').append(alias).append(" ON ");
                    from.append(alias).append('.').append(left ? join.rightColumn() : join.leftColumn());
                    from.append(" = ").append(aliases.get(i)).append('.');
                    from.append(left ? join.leftColumn() : join.rightColumn());
                    aliases.add(alias);
                    used.add(table(other));
                    return true;
                }
            }
        }
        return false;
    }

    private Table table(String name) {
        Table table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException(name);
        }
        return table;
    }

    private String joined(int count) {
        List<String> aliases = new ArrayList<>();
        List<Table> used = new ArrayList<>();
        String from = from(count, aliases, used, random.nextInt(5) == 0 ? " LEFT JOIN " : " JOIN ");
        int at = random.nextInt(used.size());
        String sql = "SELECT " + (random.nextBoolean() ? "*" : "count(*)") + " FROM " + from + " WHERE "
                + where(used.get(at), aliases.get(at), predicates(1));
        int second = random.nextInt(used.size());
        return second == at
                ? sql
                : "SELECT * FROM " + from + " WHERE (" + where(used.get(at), aliases.get(at), 1) + ") AND ("
                        + where(used.get(second), aliases.get(second), predicates(1)) + ")";
    }

    private String grouped() {
        List<String> aliases = new ArrayList<>();
        List<Table> used = new ArrayList<>();
        String from = from(1 + random.nextInt(3), aliases, used, " JOIN ");
        String key = aliases.getLast() + "." + pick(plain(used.getLast())).name();
        String where = random.nextBoolean() ? " WHERE " + where(used.getFirst(), "t0", 1) : "";
        String having = random.nextInt(3) == 0 ? " HAVING count(*) > 10" : "";
        String order = random.nextInt(3) == 0 ? " ORDER BY count(*) DESC, 1 LIMIT 10" : "";
        return "SELECT " + key + ", count(*) FROM " + from + where + " GROUP BY " + key + having + order;
    }

    private static List<Column> plain(Table table) {
        return table.columns().stream()
                .filter(column ->
                        !column.type().equals("jsonb") && !column.type().equals("tsvector"))
                .toList();
    }

    private String ordered() {
        Table table = table();
        String limit = random.nextInt(4) == 0 ? "" : " LIMIT " + (1 + random.nextInt(50));
        String where = random.nextBoolean() ? " WHERE " + where(table, "t", 1) : "";
        String direction = pick(List.of("", " DESC", " DESC NULLS LAST"));
        String second = random.nextInt(3) == 0 ? ", t." + pick(plain(table)).name() : "";
        return "SELECT * FROM " + table.name() + " t" + where + " ORDER BY t."
                + pick(plain(table)).name() + direction + second + limit;
    }

    private String half() {
        Join join = pick(joins);
        String not = random.nextBoolean() ? "NOT " : "";
        return "SELECT * FROM " + join.left() + " t WHERE " + where(table(join.left()), "t", 1) + " AND " + not
                + "EXISTS (SELECT 1 FROM " + join.right() + " s WHERE s." + join.rightColumn() + " = t."
                + join.leftColumn() + " AND " + where(table(join.right()), "s", 1) + ")";
    }

    private String common() {
        Join join = pick(joins);
        String materialized = random.nextBoolean() ? "MATERIALIZED " : "";
        return "WITH w AS " + materialized + "(SELECT * FROM " + join.right() + " s WHERE "
                + where(table(join.right()), "s", 1) + ") SELECT * FROM " + join.left() + " t JOIN w ON w."
                + join.rightColumn() + " = t." + join.leftColumn() + " WHERE "
                + where(table(join.left()), "t", 1);
    }

    private String distinct() {
        Table table = table();
        String columns =
                "t." + pick(plain(table)).name() + ", t." + pick(plain(table)).name();
        return "SELECT DISTINCT " + columns + " FROM " + table.name() + " t WHERE " + where(table, "t", 1);
    }

    private String expression() {
        String[] parts = pick(expressions).split(": ", 2);
        Table table = table(parts[0]);
        String more = random.nextBoolean() ? " AND (" + where(table, "t", 1) + ")" : "";
        return switch (random.nextInt(3)) {
            case 0 -> "SELECT count(*) FROM " + parts[0] + " t WHERE " + parts[1] + more;
            case 1 ->
                "SELECT * FROM " + parts[0] + " t WHERE " + parts[1] + more + " ORDER BY t."
                        + pick(plain(table)).name() + " LIMIT 20";
            default ->
                "SELECT " + parts[1] + ", count(*) FROM " + parts[0] + " t WHERE " + where(table, "t", 1)
                        + " GROUP BY 1";
        };
    }
}

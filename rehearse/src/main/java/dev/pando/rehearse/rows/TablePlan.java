package dev.pando.rehearse.rows;

import dev.pando.base.sql.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How rows of one table are made, before CHECKs have been tried: which columns follow a foreign key, and which have to be distinct. */
final class TablePlan {
    private static final int SMALLINTS = 32_000;
    private static final Link NONE = new Link(-1, new Reference("", List.of(), List.of()), 0, Link.Order.HASHED, 1);

    private final Table table;
    private final Map<String, Long> counts;
    private final List<Link> links = new ArrayList<>();
    private final Map<String, List<Value>> values = new LinkedHashMap<>();
    private final Set<String> distinct = new HashSet<>();
    private long most = Long.MAX_VALUE;
    private @Nullable String obstacle;

    private TablePlan(Table table, Map<String, Long> counts) {
        this.table = table;
        this.counts = counts;
    }

    /** @param counts rows of the tables that have some, by name */
    static TablePlan of(Table table, Map<String, Long> counts) {
        var plan = new TablePlan(table, counts);
        table.references().forEach(plan::link);
        plan.free();
        table.keys().forEach(plan::keep);
        return plan;
    }

    Table table() {
        return table;
    }

    /** Why there can be no rows; null when there can. */
    @Nullable
    String obstacle() {
        return obstacle;
    }

    /** More rows than these would not be unique. */
    long most() {
        return most;
    }

    List<Link> links() {
        return List.copyOf(links);
    }

    /** Ways to make a column's values, of columns that an INSERT names and that follow no foreign key. */
    Map<String, List<Value>> values() {
        Map<String, List<Value>> fitting = new LinkedHashMap<>();
        values.forEach((column, ways) -> fitting.put(
                column,
                distinct.contains(column)
                        ? ways.stream().filter(Value::distinct).toList()
                        : ways));
        return fitting;
    }

    /** Whether rows beyond those made first can be unique as well. */
    boolean grows() {
        return links.stream().allMatch(link -> link.order() == Link.Order.HASHED) && most == Long.MAX_VALUE;
    }

    private void link(Reference reference) {
        if (reference.columns().stream().anyMatch(this::settled)) {
            return;
        }
        boolean own =
                reference.table().equals(table.root()) || reference.table().equals(table.name());
        long rows = own ? 0 : counts.getOrDefault(reference.table(), 0L);
        if (rows > 0) {
            links.add(new Link(links.size(), reference, rows, Link.Order.HASHED, 1));
            return;
        }
        List<Column> free = reference.columns().stream()
                .map(table::column)
                .filter(column -> !column.required() && !column.left())
                .toList();
        free.forEach(column -> values.put(column.name(), List.of(Value.NULL)));
        if (free.isEmpty()) {
            obstacle = own
                    ? "each of its rows has to refer to another one of them"
                    : "it refers to " + reference.table() + ", which has no rows";
        }
    }

    private boolean settled(String column) {
        return values.containsKey(column)
                || !linked(column).equals(NONE)
                || table.column(column).left();
    }

    private Link linked(String column) {
        return links.stream()
                .filter(link -> link.reference().columns().contains(column))
                .findFirst()
                .orElse(NONE);
    }

    private void free() {
        for (Column column : table.columns()) {
            if (settled(column.name())) {
                continue;
            }
            List<String> conditions = table.checks().stream()
                    .filter(check -> check.columns().contains(column.name()))
                    .map(Check::condition)
                    .filter(Objects::nonNull)
                    .toList();
            List<Value> ways = Values.of(column, conditions);
            boolean unknown = ways.isEmpty() || ways.equals(List.of(Value.NULL));
            if (unknown && column.defaulted()) {
                continue;
            }
            if (ways.isEmpty()) {
                obstacle = "no value is known for its column " + column.name() + " of type " + column.type();
            }
            values.put(column.name(), ways);
        }
    }

    private void keep(Key key) {
        List<String> columns = key.columns();
        if (columns.stream().anyMatch(name -> table.column(name).filled())) {
            return;
        }
        List<Link> touched = columns.stream()
                .map(this::linked)
                .filter(link -> link.number() >= 0)
                .distinct()
                .toList();
        if (touched.stream().anyMatch(link -> link.order() == Link.Order.SERIAL)
                || columns.stream().anyMatch(distinct::contains)) {
            return;
        }
        String wide = columns.stream()
                .filter(name -> values.getOrDefault(name, List.of()).stream().anyMatch(Value::distinct))
                .findFirst()
                .orElse(null);
        if (wide != null) {
            distinct.add(wide);
        } else if (touched.size() == 1
                && touched.getFirst().reference().columns().containsAll(columns)) {
            links.set(touched.getFirst().number(), touched.getFirst().in(Link.Order.SERIAL, 1));
            most = Math.min(most, touched.getFirst().rows());
        } else {
            digits(touched, columns);
        }
    }

    /** Row numbers written in a system of digits, one for each member of the key. */
    private void digits(List<Link> touched, List<String> columns) {
        long stride = 1;
        for (Link link : touched) {
            links.set(link.number(), link.in(Link.Order.DIGIT, stride));
            stride = product(stride, link.rows());
        }
        for (String name : columns) {
            List<Value> ways = values.get(name);
            Column column = table.column(name);
            if (ways == null || ways.equals(List.of(Value.NULL))) {
                continue;
            }
            String digit = "(g.i - 1) / " + stride + " % ";
            if (column.kind() == 'e') {
                values.put(
                        name,
                        List.of(Value.any("(enum_range(NULL::" + column.type() + "))[(1 + " + digit + column.labels()
                                + ")::int]")));
                stride = product(stride, column.labels());
            } else if (column.base().equals("bool")) {
                values.put(name, List.of(Value.any(digit + "2 = 0")));
                stride = product(stride, 2);
            } else if (column.base().equals("int2")) {
                values.put(name, List.of(Value.any("1 + " + digit + SMALLINTS)));
                stride = product(stride, SMALLINTS);
            }
        }
        most = Math.min(most, stride);
    }

    private static long product(long left, long right) {
        return left > Long.MAX_VALUE / Math.max(1, right) ? Long.MAX_VALUE : left * Math.max(1, right);
    }

    /** Statements for one way to make each column's values. */
    Statements with(Map<String, Value> chosen, List<String> conditions) {
        return new Statements(this, chosen, conditions);
    }

    /** What is run to make the rows. */
    record Statements(TablePlan plan, Map<String, Value> chosen, List<String> conditions) {
        /**
         * Inserts rows number {@code first + 1} to {@code first + rows}.
         *
         * @param tried numbers to try, as conditions may refuse some
         */
        String insert(long first, long rows, long tried) {
            String joins = plan.links.stream().map(link -> link.join(0)).collect(Collectors.joining());
            List<String> expressions = new ArrayList<>(expressions());
            plan.links.forEach(link -> link.reference()
                    .columns()
                    .forEach(column -> expressions.add(link.value(column) + " AS " + Quote.identifier(column))));
            return head(plan.table.name()) + "SELECT " + names() + " FROM (SELECT " + String.join(", ", expressions)
                    + " FROM (SELECT k + " + first + " AS i, k FROM generate_series(1, " + tried + "::bigint) k) g"
                    + joins
                    + ") AS " + Quote.identifier(plan.table.alias()) + filter() + " LIMIT " + rows
                    + (plan.table.forgivesConflicts() ? " ON CONFLICT DO NOTHING" : "");
        }

        /** Inserts one row: parameters are the values of {@link #parameters}, then the row's two numbers. */
        String insertOne() {
            List<String> expressions = new ArrayList<>();
            parameters()
                    .forEach(column -> expressions.add(
                            "CAST(? AS " + plan.table.column(column).type() + ") AS " + Quote.identifier(column)));
            expressions.addAll(expressions());
            return head(plan.table.root()) + "SELECT " + names() + " FROM (SELECT " + String.join(", ", expressions)
                    + " FROM (SELECT ?::bigint AS i, ?::bigint AS k) g) AS " + Quote.identifier(plan.table.alias())
                    + filter();
        }

        /** Columns that follow a foreign key. */
        List<String> parameters() {
            return plan.links.stream()
                    .flatMap(link -> link.reference().columns().stream())
                    .toList();
        }

        private String head(String into) {
            return "INSERT INTO " + into + (names().isEmpty() ? " " : " (" + names() + ") ");
        }

        private String names() {
            List<String> names = new ArrayList<>(chosen.keySet());
            names.addAll(parameters());
            return names.stream().map(Quote::identifier).collect(Collectors.joining(", "));
        }

        private List<String> expressions() {
            return chosen.entrySet().stream()
                    .map(entry -> "CAST(" + entry.getValue().sql() + " AS "
                            + plan.table.column(entry.getKey()).type() + ") AS " + Quote.identifier(entry.getKey()))
                    .toList();
        }

        private String filter() {
            return conditions.isEmpty()
                    ? ""
                    : conditions.stream()
                            .map(condition -> "(" + condition + ") IS NOT FALSE")
                            .collect(Collectors.joining(" AND ", " WHERE ", ""));
        }
    }
}

package dev.pando.acceptance;

import dev.pando.acceptance.Party.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Statements over the tables of {@code setup.sql}, from a seed. Its ORDER BYs leave nothing open. */
final class StatementGenerator {
    private static final List<String> NUMBERS = List.of("u.n", "u.small", "u.amount", "u.big % 1000");
    private static final List<String> OTHERS =
            List.of("u.name", "u.born", "u.seen", "u.made", "u.active", "u.code", "u.at", "u.other", "u.ratio");
    private static final List<String> SOURCES = List.of(
            "users u",
            "users u",
            "users u JOIN messages m ON m.user_id = u.id",
            "messages m JOIN users u ON u.id = m.user_id JOIN settings s ON s.key = m.kind",
            "users u LEFT JOIN messages m ON u.id = m.user_id AND m.score > 4",
            "users u CROSS JOIN settings s");

    private final SplittableRandom random;
    private int fresh;

    StatementGenerator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Case next() {
        List<Parameter> parameters = new ArrayList<>();
        return switch (random.nextInt(12)) {
            case 0 -> insert();
            case 1 -> update(parameters);
            case 2 -> delete(parameters);
            case 3, 4, 5 -> aggregate(parameters);
            case 6 -> distinct(parameters);
            case 7 -> point(parameters);
            default -> select(parameters);
        };
    }

    private Case select(List<Parameter> parameters) {
        List<String> columns = some(all(), 1 + random.nextInt(4));
        String sql = "SELECT " + named(columns) + " FROM " + one(SOURCES) + where(parameters);
        return ordered(sql, columns.size(), parameters);
    }

    private Case distinct(List<Parameter> parameters) {
        List<String> columns =
                some(List.of("u.small", "u.active", "u.born", "u.code", "u.n % 5"), 1 + random.nextInt(2));
        String sql = "SELECT DISTINCT " + named(columns) + " FROM " + one(SOURCES) + where(parameters);
        return ordered(sql, columns.size(), parameters);
    }

    private Case aggregate(List<Parameter> parameters) {
        List<String> keys =
                some(List.of("u.small", "u.active", "u.code", "u.n % 4", "u.id", "lower(u.name)"), random.nextInt(3));
        List<String> columns = new ArrayList<>(keys);
        int aggregates = 1 + random.nextInt(3);
        IntStream.range(0, aggregates).forEach(i -> columns.add(aggregateOf()));
        StringBuilder sql = new StringBuilder("SELECT " + named(columns) + " FROM " + one(SOURCES) + where(parameters));
        if (!keys.isEmpty()) {
            sql.append(" GROUP BY ").append(String.join(", ", keys));
            if (random.nextInt(4) == 0) {
                sql.append(" HAVING count(*) > ").append(random.nextInt(4));
            }
        }
        return ordered(sql.toString(), columns.size(), parameters);
    }

    private String aggregateOf() {
        String filter = random.nextInt(8) == 0 ? " FILTER (WHERE u.n > 0)" : "";
        return switch (random.nextInt(6)) {
            case 0 -> "count(*)" + filter;
            case 1 -> "count(" + one(all()) + ")" + filter;
            case 2 -> "sum(" + one(NUMBERS) + ")" + filter;
            case 3 -> "avg(" + one(NUMBERS) + ")" + filter;
            case 4 -> "min(" + one(List.of("u.n", "u.amount", "u.name", "u.born", "u.seen", "u.code")) + ")" + filter;
            default -> "max(" + one(List.of("u.n", "u.amount", "u.name", "u.born", "u.made", "u.big")) + ")" + filter;
        };
    }

    private Case point(List<Parameter> parameters) {
        String key;
        if (random.nextBoolean()) {
            key = "?";
            parameters.add(new Parameter("uuid", uuid()));
        } else {
            key = "'" + uuid() + "'";
        }
        String source = random.nextBoolean() ? "users u" : "users u JOIN messages m ON m.user_id = u.id";
        String sql = "SELECT u.id, u.name, u.n, u.seen FROM " + source + " WHERE u.id = " + key;
        return new Case(sql, parameters, false, false, null);
    }

    private Case insert() {
        int rows = 1 + random.nextInt(5);
        String values = IntStream.range(0, rows)
                .mapToObj(i -> "('00000000-0000-0000-0001-" + String.format("%012d", ++fresh) + "', " + literal()
                        + ", '" + one(List.of("gen", "Gen", "é")) + "')")
                .collect(Collectors.joining(", "));
        String returning = random.nextBoolean() ? " RETURNING id, n" : "";
        return Case.of("INSERT INTO users (id, n, name) VALUES " + values + returning, true);
    }

    private Case update(List<Parameter> parameters) {
        String set = one(List.of("n = u.n + 1", "name = 'upd'", "active = NOT u.active", "amount = u.amount * 2"));
        String returning = random.nextBoolean() ? " RETURNING u.id, u.n, u.name, u.amount" : "";
        return new Case(
                "UPDATE users u SET " + set + condition(parameters) + returning, parameters, false, false, null);
    }

    private Case delete(List<Parameter> parameters) {
        String returning = random.nextBoolean() ? " RETURNING u.id, u.name" : "";
        String sql = "DELETE FROM users u" + condition(parameters) + " AND u.name = 'gen'" + returning;
        return new Case(sql, parameters, false, false, null);
    }

    private String condition(List<Parameter> parameters) {
        String where = where(parameters);
        return where.isEmpty() ? " WHERE u.n IS NOT NULL" : where;
    }

    private String where(List<Parameter> parameters) {
        int conditions = random.nextInt(3);
        List<String> all = IntStream.range(0, conditions)
                .mapToObj(i -> predicate(parameters))
                .toList();
        return all.isEmpty() ? "" : " WHERE " + String.join(random.nextInt(5) == 0 ? " AND NOT " : " AND ", all);
    }

    private String predicate(List<Parameter> parameters) {
        return switch (random.nextInt(9)) {
            case 0 -> "u.id = '" + uuid() + "'";
            case 1 ->
                "u.id IN ("
                        + IntStream.range(0, 1 + random.nextInt(6))
                                .mapToObj(i -> "'" + uuid() + "'")
                                .collect(Collectors.joining(", "))
                        + ")";
            case 2 -> one(NUMBERS) + " > " + literal();
            case 3 -> one(NUMBERS) + " BETWEEN -5 AND " + literal();
            case 4 -> one(all()) + " IS " + one(List.of("NULL", "NOT NULL"));
            case 5 -> "(u.name LIKE '%o%' OR u.active)";
            case 6 -> {
                parameters.add(new Parameter("int4", literal()));
                yield "u.n < ?";
            }
            case 7 -> {
                parameters.add(new Parameter("uuid[]", uuid() + "," + uuid() + "," + uuid()));
                yield "u.id = ANY (?)";
            }
            default -> "u.born > date '2010-06-01'";
        };
    }

    /** Adds an ORDER BY over every column, in some order, and perhaps a part of the rows; or nothing. */
    private Case ordered(String sql, int columns, List<Parameter> parameters) {
        if (random.nextInt(4) == 0) {
            return new Case(sql, parameters, false, false, null);
        }
        List<String> positions = some(
                IntStream.rangeClosed(1, columns).mapToObj(Integer::toString).toList(), columns);
        String order = positions.stream()
                .map(position -> position + one(List.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST", " ASC")))
                .collect(Collectors.joining(", "));
        String part = switch (random.nextInt(4)) {
            case 0 -> " LIMIT " + random.nextInt(20);
            case 1 -> " LIMIT " + random.nextInt(20) + " OFFSET " + random.nextInt(15);
            case 2 -> " OFFSET " + random.nextInt(15);
            default -> "";
        };
        return new Case(sql + " ORDER BY " + order + part, parameters, true, false, null);
    }

    private List<String> all() {
        List<String> all = new ArrayList<>(NUMBERS);
        all.addAll(OTHERS);
        all.add("u.id");
        return all;
    }

    /** A key that some row has, mostly. */
    private String uuid() {
        return String.format("00000000-0000-0000-0000-%012d", 1 + random.nextInt(45));
    }

    private String literal() {
        return Integer.toString(random.nextInt(-20, 40));
    }

    private static String named(List<String> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i) + " AS c" + i)
                .collect(Collectors.joining(", "));
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> List<T> some(List<T> list, int count) {
        List<T> rest = new ArrayList<>(list);
        List<T> chosen = new ArrayList<>();
        while (chosen.size() < count && !rest.isEmpty()) {
            chosen.add(rest.remove(random.nextInt(rest.size())));
        }
        return chosen;
    }
}

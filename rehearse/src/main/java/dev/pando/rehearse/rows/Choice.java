package dev.pando.rehearse.rows;

import dev.pando.base.sql.Quote;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One way to make each column's values, so that conditions hold as far as ways are known.
 *
 * @param conditions those that not every row passes, or that were not asked about
 * @param share of rows that pass them
 * @param obstacle why no row can be made; null when rows can
 */
record Choice(
        Map<String, Value> values,
        List<String> conditions,
        double share,
        @Nullable String obstacle) {
    private static final int MOST_TRIALS = 400;
    private static final int SHOWN = 120;

    /** @param rows that are to be made: the sample is spread over their numbers */
    static Choice of(TablePlan plan, long rows, Probe probe) throws SQLException {
        Map<String, List<Value>> ways = plan.values();
        Map<String, Value> chosen = new LinkedHashMap<>();
        for (Map.Entry<String, List<Value>> way : ways.entrySet()) {
            if (way.getValue().isEmpty()) {
                return failed("no distinct values are known for its column " + way.getKey());
            }
            chosen.put(way.getKey(), way.getValue().getFirst());
        }
        List<String> filters = new ArrayList<>();
        double share = 1;
        for (Group group : groups(plan, ways.keySet())) {
            int passing = choose(plan, group, chosen, rows, probe);
            if (passing == 0) {
                return failed("no values are known that satisfy "
                        + shortened(
                                group.conditions().isEmpty()
                                        ? group.columns().toString()
                                        : String.join(" AND ", group.conditions())));
            }
            if (passing < Probe.SAMPLE) {
                filters.addAll(group.conditions());
                share *= (double) passing / Probe.SAMPLE;
            }
        }
        return new Choice(chosen, filters, share, null);
    }

    private static Choice failed(String obstacle) {
        return new Choice(Map.of(), List.of(), 0, obstacle);
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " …";
    }

    /** Conditions that share columns, which can only be satisfied together. */
    private record Group(Set<String> columns, List<String> conditions) {}

    private static List<Group> groups(TablePlan plan, Set<String> free) {
        Set<String> known = Stream.concat(
                        free.stream(), plan.links().stream().flatMap(link -> link.reference().columns().stream()))
                .collect(Collectors.toSet());
        List<Group> groups = new ArrayList<>();
        for (Check check : plan.table().checks()) {
            // What the server makes itself it has to judge itself.
            if (!known.containsAll(check.columns())) {
                continue;
            }
            Set<String> columns = new LinkedHashSet<>(check.columns());
            List<String> conditions = new ArrayList<>();
            for (Group group : List.copyOf(groups)) {
                if (group.columns().stream().anyMatch(columns::contains)) {
                    columns.addAll(group.columns());
                    conditions.addAll(group.conditions());
                    groups.remove(group);
                }
            }
            Stream.of(check).map(Check::condition).filter(Objects::nonNull).forEach(conditions::add);
            groups.add(new Group(columns, conditions));
        }
        return groups;
    }

    private static int choose(TablePlan plan, Group group, Map<String, Value> chosen, long rows, Probe probe)
            throws SQLException {
        Map<String, List<Value>> ways = plan.values();
        List<String> columns =
                group.columns().stream().filter(ways::containsKey).toList();
        Map<String, Value> best = new LinkedHashMap<>();
        int most = 0;
        for (List<Integer> combination : combinations(columns, ways)) {
            Map<String, Value> tried = new LinkedHashMap<>(chosen);
            for (int i = 0; i < columns.size(); i++) {
                String column = columns.get(i);
                tried.put(column, Objects.requireNonNull(ways.get(column)).get(combination.get(i)));
            }
            int passing = probe.passing(query(plan, group, tried, Math.max(1, rows / Probe.SAMPLE)));
            if (passing > most) {
                most = passing;
                best = tried;
            }
            if (most == Probe.SAMPLE) {
                break;
            }
        }
        chosen.putAll(best);
        return most;
    }

    /** The usual ways first: combinations by the sum of their places. */
    private static Set<List<Integer>> combinations(List<String> columns, Map<String, List<Value>> ways) {
        Set<List<Integer>> all = new LinkedHashSet<>();
        List<List<Integer>> edge = List.of(columns.stream().map(column -> 0).toList());
        while (!edge.isEmpty() && all.size() < MOST_TRIALS) {
            all.addAll(edge);
            Set<List<Integer>> next = new LinkedHashSet<>();
            for (List<Integer> places : edge) {
                for (int i = 0; i < places.size(); i++) {
                    if (places.get(i) + 1
                            < Objects.requireNonNull(ways.get(columns.get(i))).size()) {
                        List<Integer> moved = new ArrayList<>(places);
                        moved.set(i, places.get(i) + 1);
                        next.add(moved);
                    }
                }
            }
            edge = List.copyOf(next);
        }
        return all.stream().limit(MOST_TRIALS).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String query(TablePlan plan, Group group, Map<String, Value> tried, long step) {
        List<Link> links = plan.links().stream()
                .filter(link -> link.reference().columns().stream().anyMatch(group.columns()::contains))
                .toList();
        List<String> expressions = new ArrayList<>();
        Set<String> linked = new HashSet<>();
        for (Link link : links) {
            for (String column : link.reference().columns()) {
                linked.add(column);
                expressions.add(link.value(column) + " AS " + Quote.identifier(column));
            }
        }
        for (String column : group.columns()) {
            Value value = tried.get(column);
            if (value != null && !linked.contains(column)) {
                expressions.add("CAST(" + value.sql() + " AS "
                        + plan.table().column(column).type() + ") AS " + Quote.identifier(column));
            }
        }
        String joins = links.stream().map(link -> link.join(Probe.SAMPLE)).collect(Collectors.joining());
        // The text of each value is looked at, so that casts to domains are made even if no condition asks for them.
        String made = group.columns().stream()
                .map(column -> "octet_length(" + Quote.identifier(column) + "::text)")
                .collect(Collectors.joining(", ", "num_nulls(", ") >= 0"));
        String conditions = Stream.concat(
                        Stream.of(made),
                        group.conditions().stream().map(condition -> "(" + condition + ") IS NOT FALSE"))
                .collect(Collectors.joining(" AND "));
        return "SELECT count(*) FILTER (WHERE " + conditions + ") FROM (SELECT " + String.join(", ", expressions)
                + " FROM (SELECT n * " + step + " AS i, n * " + step + " AS k FROM generate_series(1, " + Probe.SAMPLE
                + "::bigint) n) g" + joins + ") AS "
                + Quote.identifier(plan.table().alias());
    }
}

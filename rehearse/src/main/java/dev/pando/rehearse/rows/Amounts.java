package dev.pando.rehearse.rows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many rows tables are to get.
 *
 * @param rows of the largest table, or of each when nothing is known of the target; 0 where {@code scale} says it
 * @param scale of the target's numbers of rows; 0 where {@code rows} says it
 * @param named rows of single tables, under their qualified name or their name alone
 * @param target numbers of rows in the target by qualified name, empty without one
 */
public record Amounts(long rows, double scale, Map<String, Long> named, Map<String, Long> target) {
    /** A table that has rows in the target has some in the copy. */
    private static final long FEWEST = 100;

    public Amounts {
        named = Map.copyOf(named);
        target = Map.copyOf(target);
    }

    /** The same, of a copy of a target with these numbers of rows. */
    public Amounts in(Map<String, Long> numbers) {
        return new Amounts(rows, scale, named, numbers);
    }

    /** Tables of which {@link #named} says two numbers, under names that both mean them. */
    List<String> ambiguous(List<Table> tables) {
        return tables.stream()
                .filter(table -> named.entrySet().stream()
                                .filter(entry -> named(table, entry.getKey()))
                                .map(Map.Entry::getValue)
                                .distinct()
                                .count()
                        > 1)
                .map(Table::name)
                .toList();
    }

    /** Names in {@link #named} that mean none of the tables. */
    List<String> unknown(List<Table> tables) {
        return named.keySet().stream()
                .filter(name -> tables.stream().noneMatch(table -> named(table, name)))
                .sorted()
                .toList();
    }

    /** By the name of the table or partition. */
    Map<String, Long> of(List<Table> tables) {
        Map<String, Long> all = new LinkedHashMap<>();
        double factor = scale > 0 ? scale : (double) rows / Math.max(1, largest(tables));
        for (Table table : tables) {
            List<Table> family = tables.stream()
                    .filter(other -> other.root().equals(table.root()))
                    .toList();
            Long own = named.keySet().stream()
                    .filter(name -> named(table, name))
                    .map(named::get)
                    .findFirst()
                    .orElse(null);
            long whole = family.stream().mapToLong(this::inTarget).sum();
            if (own != null || target.isEmpty()) {
                long wanted = own == null ? rows : own;
                all.put(
                        table.name(),
                        whole == 0 ? (wanted + family.size() - 1) / family.size() : wanted * inTarget(table) / whole);
            } else {
                long there = inTarget(table);
                all.put(table.name(), there == 0 ? 0 : Math.max(Math.min(there, FEWEST), Math.round(there * factor)));
            }
        }
        return all;
    }

    private long largest(List<Table> tables) {
        Map<String, Long> sums = new LinkedHashMap<>();
        tables.forEach(table -> sums.merge(table.root(), inTarget(table), Long::sum));
        return sums.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private long inTarget(Table table) {
        return target.getOrDefault(table.name(), 0L);
    }

    private static boolean named(Table table, String name) {
        return List.of(table.root(), table.alias()).contains(name)
                || table.root().endsWith("." + name)
                || table.name().equals(name);
    }
}

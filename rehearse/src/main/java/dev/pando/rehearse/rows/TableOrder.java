package dev.pando.rehearse.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The order in which tables get their rows: each after those it refers to, as far as there is such an order. */
final class TableOrder {
    private TableOrder() {}

    /** Of circles those first that can do without the others: all columns of a foreign key in the circle may be null. */
    static List<Table> of(List<Table> tables) {
        List<Table> left = new ArrayList<>(tables);
        List<Table> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            Set<String> missing = left.stream()
                    .flatMap(table -> List.of(table.name(), table.root()).stream())
                    .collect(Collectors.toCollection(HashSet::new));
            List<Table> next = left.stream()
                    .filter(table -> table.references().stream().noneMatch(to -> waits(table, to, missing)))
                    .toList();
            if (next.isEmpty()) {
                next = left.stream()
                        .filter(table -> table.references().stream()
                                .allMatch(to -> !waits(table, to, missing) || nullable(table, to)))
                        .limit(1)
                        .toList();
            }
            if (next.isEmpty()) {
                next = List.of(left.getFirst());
            }
            ordered.addAll(next);
            left.removeAll(next);
        }
        return ordered;
    }

    private static boolean waits(Table table, Reference to, Set<String> missing) {
        return missing.contains(to.table())
                && !to.table().equals(table.root())
                && !to.table().equals(table.name());
    }

    private static boolean nullable(Table table, Reference to) {
        return to.columns().stream().anyMatch(column -> !table.column(column).required());
    }
}

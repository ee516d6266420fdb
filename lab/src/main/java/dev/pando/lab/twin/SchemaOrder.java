package dev.pando.lab.twin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts objects behind those they depend on, and otherwise by phase and number. Objects that depend on each other in a circle come in
 * that order too: one of them will fail, and is tried again when the others are there.
 */
final class SchemaOrder {
    /** An entry of a catalog: the catalog's number and its own. Parts that nothing depends on have the catalog 0. */
    record CatalogKey(long catalog, long object) {}

    /** An object, its place among its kind, and what it needs besides {@code pg_depend}'s. */
    record Node(
            CatalogKey key,
            long number,
            SchemaObject object,
            @Nullable CatalogKey needs) {}

    private static final Comparator<Integer> BY_NUMBER = Comparator.naturalOrder();

    private final List<Node> nodes;
    private final Map<CatalogKey, List<Integer>> byKey = new HashMap<>();
    private final Map<CatalogKey, CatalogKey> aliases;
    private final List<Set<Integer>> dependents = new ArrayList<>();
    private final int[] waiting;

    private SchemaOrder(List<Node> unsorted, Map<CatalogKey, CatalogKey> aliases) {
        this.nodes = unsorted.stream()
                .sorted(Comparator.<Node, ObjectKind>comparing(
                                node -> node.object().kind().phase())
                        .thenComparingLong(Node::number)
                        .thenComparing(node -> node.object().name()))
                .toList();
        this.aliases = aliases;
        this.waiting = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            dependents.add(new HashSet<>());
            if (nodes.get(i).key().catalog() != 0) {
                byKey.computeIfAbsent(nodes.get(i).key(), key -> new ArrayList<>())
                        .add(i);
            }
        }
    }

    /** {@code aliases}: parts and the objects they belong to. {@code dependencies}: who needs whom, both perhaps parts. */
    static List<SchemaObject> sort(
            List<Node> nodes,
            Map<CatalogKey, CatalogKey> aliases,
            List<Map.Entry<CatalogKey, CatalogKey>> dependencies) {
        SchemaOrder order = new SchemaOrder(nodes, aliases);
        dependencies.forEach(edge -> order.edges(order.places(edge.getKey()), edge.getValue()));
        for (int i = 0; i < order.nodes.size(); i++) {
            CatalogKey needs = order.nodes.get(i).needs();
            if (needs != null) {
                order.edges(List.of(i), needs);
            }
        }
        return order.walk();
    }

    private List<Integer> places(CatalogKey key) {
        CatalogKey at = key;
        Set<CatalogKey> seen = new HashSet<>();
        while (!byKey.containsKey(at) && aliases.containsKey(at) && seen.add(at)) {
            at = aliases.get(at);
        }
        return byKey.getOrDefault(at, List.of());
    }

    private void edges(List<Integer> from, CatalogKey to) {
        for (int needed : places(to)) {
            for (int dependent : from) {
                if (needed != dependent && dependents.get(needed).add(dependent)) {
                    waiting[dependent]++;
                }
            }
        }
    }

    private List<SchemaObject> walk() {
        PriorityQueue<Integer> ready = new PriorityQueue<>(BY_NUMBER);
        TreeSet<Integer> blocked = new TreeSet<>();
        for (int i = 0; i < waiting.length; i++) {
            (waiting[i] == 0 ? ready : blocked).add(i);
        }
        List<SchemaObject> sorted = new ArrayList<>();
        while (!ready.isEmpty() || !blocked.isEmpty()) {
            if (ready.isEmpty()) {
                ready.add(blocked.pollFirst()); // a circle
            }
            int next = ready.poll();
            sorted.add(nodes.get(next).object());
            for (int dependent : dependents.get(next)) {
                if (--waiting[dependent] == 0 && blocked.remove(dependent)) {
                    ready.add(dependent);
                }
            }
        }
        return sorted;
    }
}

package dev.pando.server.code;

import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Found;
import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import dev.pando.server.code.CodeGraph.Effect;
import dev.pando.server.code.CodeGraph.Kind;
import dev.pando.server.code.CodeGraph.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The code of a database with its names: filled row by row, then judged as a whole, by the names that statements use. */
final class CodeInventory {
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", ">", "<=", ">=");
    private static final int LONGEST_CHAIN = 20;

    private final Map<Long, Table> tables;
    private final Map<Long, Long> parents;
    private final CodeGraph graph = new CodeGraph();
    private final Map<Node, String> labels = new HashMap<>();
    private final Map<String, Set<Long>> functions = new HashMap<>();
    private final Map<String, Set<Long>> operators = new HashMap<>();
    private final Map<String, Set<Long>> types = new HashMap<>();
    private final Set<String> rowFunctions = new HashSet<>();
    private final Set<String> settings = new HashSet<>();
    private final Map<Node, Hook> hooks = new HashMap<>();
    private final List<Cast> casts = new ArrayList<>();
    private final Map<Node, String> eventTriggers = new HashMap<>();

    /**
     * What runs code when a relation is used.
     *
     * @param acts may store something by itself
     */
    record Hook(Node node, long relation, long type, String event, boolean acts) {
        boolean on(char wanted) {
            return event.indexOf(wanted) >= 0 || (event.equals("b") && wanted != 't');
        }
    }

    /** {@code shown}: only where the statement names the target. */
    record Cast(Node function, boolean shown, String target, String label) {}

    /**
     * @param tables by oid
     * @param parents of partitions and inheritance children
     */
    CodeInventory(Map<Long, Table> tables, Map<Long, Long> parents) {
        this.tables = tables;
        this.parents = parents;
    }

    CodeGraph graph() {
        return graph;
    }

    void label(Node node, String label) {
        labels.put(node, label);
    }

    /** {@code row}: whether {@code row.name} may call it. */
    void function(String name, long oid, boolean row) {
        add(functions, name, oid);
        if (row) {
            rowFunctions.add(name);
        }
    }

    void operator(String name, long oid) {
        add(operators, name, oid);
    }

    void type(String name, long oid) {
        add(types, name, oid);
    }

    void hook(Hook hook) {
        hooks.put(hook.node, hook);
    }

    void cast(Cast cast) {
        casts.add(cast);
    }

    void eventTrigger(String name, Node function) {
        eventTriggers.put(function, "event trigger \"" + name + "\"");
    }

    void settings(Collection<String> names) {
        settings.addAll(names);
    }

    static void add(Map<String, Set<Long>> names, String name, long oid) {
        names.computeIfAbsent(name, none -> new HashSet<>()).add(oid);
    }

    Collection<Hook> hooks() {
        return hooks.values();
    }

    @Nullable
    Hook hookOf(Node node) {
        return hooks.get(node);
    }

    Map<String, Set<Long>> functions() {
        return functions;
    }

    Map<String, Set<Long>> operators() {
        return operators;
    }

    Map<String, Set<Long>> types() {
        return types;
    }

    /** What statements may meet, when the graph is closed. */
    HiddenCode judged(Set<String> varying, Set<String> names) {
        Map<String, Found> foundFunctions = byName(functions, Kind.FUNCTION);
        Map<String, Found> foundOperators = byName(operators, Kind.OPERATOR);
        Map<String, Found> foundTypes = byName(types, Kind.TYPE);
        Found everywhere = null;
        for (Map.Entry<String, Found> operator : foundOperators.entrySet()) {
            if (COMPARISONS.contains(operator.getKey())) {
                everywhere = Found.worse(everywhere, operator.getValue());
            }
        }
        for (Cast cast : casts) {
            Found found = found(cast.function, cast.label);
            if (found != null && cast.shown) {
                foundTypes.merge(cast.target, found, Found::worse);
            } else if (found != null) {
                everywhere = Found.worse(everywhere, found);
            }
        }
        Found ddl = null;
        for (Map.Entry<Node, String> trigger : eventTriggers.entrySet()) {
            ddl = Found.worse(ddl, found(trigger.getKey(), trigger.getValue()));
        }
        rowFunctions.retainAll(foundFunctions.keySet());
        return new HiddenCode(
                foundFunctions,
                rowFunctions,
                varying,
                foundOperators,
                foundTypes,
                byRelation(Kind.READ),
                byRelation(Kind.WRITE),
                byRelation(Kind.TRUNCATE),
                divergent(),
                everywhere,
                ddl,
                settings,
                names);
    }

    private Map<String, Found> byName(Map<String, Set<Long>> named, Kind kind) {
        Map<String, Found> all = new HashMap<>();
        named.forEach((name, oids) -> {
            Found worst = null;
            for (long oid : oids) {
                worst = Found.worse(worst, found(new Node(kind, oid), null));
            }
            if (worst != null) {
                all.put(name, worst);
            }
        });
        return all;
    }

    private Map<TableName, Found> byRelation(Kind kind) {
        Map<TableName, Found> all = new HashMap<>();
        tables.forEach((oid, table) -> {
            Found found = found(new Node(kind, oid), null);
            if (found != null) {
                all.merge(table.name(), found, Found::worse);
            }
        });
        return all;
    }

    private Map<TableName, String> divergent() {
        Map<TableName, String> all = new HashMap<>();
        for (Hook hook : hooks.values()) {
            if (hook.acts && graph.effect(hook.node).varies()) {
                for (Long relation = hook.relation; relation != null; relation = parents.get(relation)) {
                    Table table = tables.get(relation);
                    if (table != null) {
                        all.put(table.name(), labels.getOrDefault(hook.node, "a trigger"));
                    }
                }
            }
        }
        return all;
    }

    private @Nullable Found found(Node node, @Nullable String label) {
        Effect effect = graph.effect(node);
        return effect.reach() == Reach.NONE && effect.traces().isEmpty()
                ? null
                : new Found(effect.reach(), describe(node, label), effect.traces());
    }

    /** What the statement meets, and the function behind it. */
    private String describe(Node start, @Nullable String label) {
        String outer = label == null ? labels.get(start) : label;
        Node node = start;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            String here = labels.get(node);
            if (outer == null) {
                outer = here;
            } else if (node.kind() == Kind.FUNCTION && here != null && !here.equals(outer)) {
                return outer + ", which calls " + here;
            }
            if (node.kind() == Kind.FUNCTION) {
                break;
            }
            node = graph.culprit(node);
        }
        return outer == null ? "hidden code" : outer;
    }
}

package dev.pando.server.code;

import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Trace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who uses whom among the code of a database, and how far each thereby reaches. Pure; filled, then asked. */
final class CodeGraph {
    /** What stands in the graph; {@code kind} tells whose oid it is, and in which role. */
    record Node(Kind kind, long oid) {}

    enum Kind {
        FUNCTION,
        OPERATOR,
        TYPE,
        DEFAULT,
        CONSTRAINT,
        TRIGGER,
        POLICY,
        RULE,
        INDEX,
        /** What runs when the relation is read, written, truncated. */
        READ,
        WRITE,
        TRUNCATE,
        /** The relation as code names it, with and without changing it. */
        CHANGED_BY_CODE,
        READ_BY_CODE
    }

    /** How far it reaches, whether its outcome differs between servers, and what it leaves on a connection. */
    record Effect(Reach reach, boolean varies, Set<Trace> traces) {
        static final Effect HARMLESS = new Effect(Reach.NONE, false);

        Effect {
            traces = Set.copyOf(traces);
        }

        /** Of what leaves nothing behind. */
        Effect(Reach reach, boolean varies) {
            this(reach, varies, Set.of());
        }

        Effect or(Effect other) {
            Set<Trace> both = EnumSet.noneOf(Trace.class);
            both.addAll(traces);
            both.addAll(other.traces);
            return new Effect(reach.or(other.reach), varies || other.varies, both);
        }
    }

    private final Map<Node, Effect> own = new HashMap<>();
    private final Map<Node, Set<Node>> uses = new HashMap<>();
    /** Of those who are believed that they look at no table. */
    private final Map<Node, Set<Node>> runs = new HashMap<>();

    private final Map<Node, Effect> reached = new HashMap<>();

    void own(Node node, Effect effect) {
        own.merge(node, effect, Effect::or);
    }

    void uses(Node user, Node used) {
        if (!user.equals(used)) {
            uses.computeIfAbsent(user, none -> new LinkedHashSet<>()).add(used);
        }
    }

    /** What {@code used} leaves on a connection counts for its user, too, but nothing else of it does. */
    void runs(Node user, Node used) {
        if (!user.equals(used)) {
            runs.computeIfAbsent(user, none -> new LinkedHashSet<>()).add(used);
        }
    }

    /** Follows all uses to their ends. To be called once, when the graph is complete. */
    void close() {
        reached.putAll(own);
        Map<Node, Set<Node>> users = users(uses);
        Map<Node, Set<Node>> runners = users(runs);
        List<Node> changed = new ArrayList<>(own.keySet());
        while (!changed.isEmpty()) {
            Node next = changed.removeLast();
            Effect effect = effect(next);
            Effect left = new Effect(Reach.NONE, false, effect.traces());
            users.getOrDefault(next, Set.of()).forEach(user -> add(user, effect, changed));
            runners.getOrDefault(next, Set.of()).forEach(user -> add(user, left, changed));
        }
    }

    private static Map<Node, Set<Node>> users(Map<Node, Set<Node>> used) {
        Map<Node, Set<Node>> users = new HashMap<>();
        used.forEach((node, all) -> all.forEach(
                each -> users.computeIfAbsent(each, none -> new HashSet<>()).add(node)));
        return users;
    }

    private void add(Node user, Effect more, List<Node> changed) {
        Effect before = effect(user);
        Effect now = before.or(more);
        if (!now.equals(before)) {
            reached.put(user, now);
            changed.add(user);
        }
    }

    Effect effect(Node node) {
        return reached.getOrDefault(node, Effect.HARMLESS);
    }

    /** The nodes directly used that make the node reach as far as it does. */
    Node culprit(Node node) {
        return uses.getOrDefault(node, Set.of()).stream()
                .filter(used -> effect(used).reach() == effect(node).reach()
                        && effect(used).traces().containsAll(effect(node).traces()))
                .findFirst()
                .orElse(node);
    }
}

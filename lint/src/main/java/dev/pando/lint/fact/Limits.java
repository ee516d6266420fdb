package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import dev.pando.lint.read.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The limits in time that are in force where a statement stands.
 *
 * @param session those of the session
 * @param local what SET LOCAL says instead until the transaction ends
 */
public record Limits(Set<String> session, Map<String, Boolean> local, int transaction) {
    public static final Limits NONE = new Limits(Set.of(), Map.of(), -1);

    private static final List<String> NAMES = List.of("lock_timeout", "statement_timeout");

    public Limits {
        session = Set.copyOf(session);
        local = Map.copyOf(local);
    }

    public boolean has(String name) {
        return local.getOrDefault(name, session.contains(name));
    }

    /** At a statement, whose transaction may be another. */
    public Limits at(Statement statement) {
        int id = statement.transaction().id();
        return id == transaction ? this : new Limits(session, Map.of(), id);
    }

    /** After a statement in the same transaction. */
    public Limits after(Node node) {
        if (node.is("VariableSetStmt")) {
            String name = node.text("name");
            if (node.text("kind").equals("VAR_RESET_ALL")) {
                return new Limits(Set.of(), Map.of(), transaction);
            }
            boolean limits = node.text("kind").equals("VAR_SET_VALUE") && !zero(node);
            return NAMES.contains(name) ? with(name, limits, node.flag("is_local")) : this;
        }
        Limits after = this;
        for (Node call : node.all("FuncCall")) {
            Optional<Setting> setting = Setting.of(call).filter(each -> NAMES.contains(each.name()));
            if (setting.isPresent()) {
                after = after.with(
                        setting.get().name(),
                        !zero(setting.get().value()),
                        setting.get().local());
            }
        }
        return after;
    }

    private Limits with(String name, boolean limits, boolean here) {
        Map<String, Boolean> newLocal = new HashMap<>(local);
        if (here) {
            newLocal.put(name, limits);
            return new Limits(session, newLocal, transaction);
        }
        newLocal.remove(name);
        Set<String> newSession = new HashSet<>(session);
        newSession.remove(name);
        if (limits) {
            newSession.add(name);
        }
        return new Limits(newSession, newLocal, transaction);
    }

    private static boolean zero(Node set) {
        return set.list("args").stream().map(Node::constant).allMatch(value -> value == null || zero(value));
    }

    private static boolean zero(String value) {
        return value.matches("0+(?:\\s*[a-z]+)?");
    }
}

package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import org.jspecify.annotations.Nullable;

/** What earlier statements have set, and what a statement asks of its surroundings. */
public final class Settings {
    private Settings() {}

    /** Whether a limit in time is in force where the step stands. */
    public static boolean set(Step step, String name) {
        boolean set = false;
        for (Step earlier : step.before()) {
            Node node = earlier.node();
            boolean shared = earlier.statement().transaction().id()
                    == step.statement().transaction().id();
            if (node != null
                    && node.is("VariableSetStmt")
                    && node.text("name").equals(name)
                    && (shared || !node.flag("is_local"))) {
                set = node.text("kind").equals("VAR_SET_VALUE") && !zero(node);
            } else if (node != null && byFunction(node, name)) {
                set = true;
            }
        }
        return set;
    }

    private static boolean zero(Node set) {
        return set.list("args").stream()
                .map(Node::constant)
                .allMatch(value -> value == null || value.matches("0+(?:\\s*[a-z]+)?"));
    }

    private static boolean byFunction(Node node, String name) {
        return node.all("FuncCall").stream()
                .filter(call -> !call.names("funcname").isEmpty()
                        && call.names("funcname").getLast().equals("set_config"))
                .anyMatch(call -> call.list("args").stream().anyMatch(argument -> name.equals(argument.constant())));
    }

    /** Whether PostgreSQL refuses it in a transaction, as the statement itself shows. */
    public static boolean refusesTransaction(Step step) {
        Node node = step.node();
        if (node == null) {
            return false;
        }
        return switch (node.tag()) {
            case "IndexStmt", "DropStmt" -> node.flag("concurrent");
            case "ReindexStmt" ->
                node.list("params").stream()
                        .anyMatch(option -> option.text("defname").equals("concurrently"));
            case "VacuumStmt" -> node.flag("is_vacuumcmd");
            case "CreatedbStmt", "DropdbStmt", "AlterSystemStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt" -> true;
            case "AlterTableStmt" ->
                node.list("cmds").stream().map(command -> command.child("def")).anyMatch(Settings::concurrent);
            default -> false;
        };
    }

    private static boolean concurrent(@Nullable Node definition) {
        return definition != null && definition.is("PartitionCmd") && definition.flag("concurrent");
    }
}

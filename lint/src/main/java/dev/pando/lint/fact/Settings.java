package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import org.jspecify.annotations.Nullable;

/** What a statement asks of its surroundings. */
public final class Settings {
    private Settings() {}

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

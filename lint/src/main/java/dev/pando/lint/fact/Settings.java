package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a statement asks of its surroundings. */
public final class Settings {
    /** {@code CURSOR_OPT_HOLD}. */
    private static final int WITH_HOLD = 0x20;

    /** What switches an option of a statement off. */
    private static final Set<String> OFF = Set.of("false", "off", "0");

    private Settings() {}

    /** Whether PostgreSQL refuses it in a transaction, as the statement itself shows. */
    public static boolean refusesTransaction(Step step) {
        Node node = step.node();
        if (node == null) {
            return false;
        }
        return switch (node.tag()) {
            case "IndexStmt", "DropStmt" -> node.flag("concurrent");
            case "ReindexStmt" -> concurrently(node);
            case "VacuumStmt" -> node.flag("is_vacuumcmd");
            case "CreatedbStmt", "DropdbStmt", "AlterSystemStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt" -> true;
            case "AlterTableStmt" ->
                node.list("cmds").stream().map(command -> command.child("def")).anyMatch(Settings::concurrent);
            default -> false;
        };
    }

    /** Whether a REINDEX has CONCURRENTLY. */
    public static boolean concurrently(Node reindex) {
        return reindex.list("params").stream()
                .filter(option -> option.text("defname").equals("concurrently"))
                .map(option -> option.child("arg"))
                .anyMatch(value -> value == null || !OFF.contains(String.valueOf(value.constant())));
    }

    /** Whether PostgreSQL refuses it outside a transaction. */
    public static boolean needsTransaction(Node node) {
        return switch (node.tag()) {
            case "LockStmt" -> true;
            case "DeclareCursorStmt" -> (node.number("options") & WITH_HOLD) == 0;
            case "TransactionStmt" ->
                switch (node.text("kind")) {
                    case "TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO" -> true;
                    default -> false;
                };
            default -> false;
        };
    }

    /** Whether PostgreSQL warns of it outside a transaction, where it does nothing. */
    public static boolean lastsForTransaction(Node node) {
        return node.is("ConstraintsSetStmt")
                || (node.is("VariableSetStmt")
                        && (node.flag("is_local") || node.text("name").startsWith("TRANSACTION")));
    }

    private static boolean concurrent(@Nullable Node definition) {
        return definition != null && definition.is("PartitionCmd") && definition.flag("concurrent");
    }
}

package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Step;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Statements that change rows. */
final class Dml {
    private static final Set<String> TAGS = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");

    private Dml() {}

    static boolean is(Step step) {
        Node node = step.node();
        return node != null && TAGS.contains(node.tag());
    }

    /** Anything but an INSERT of rows that stand in the statement, and changes of tables of this migration. */
    static boolean large(Step step) {
        Node node = step.node();
        if (node == null || !node.is("InsertStmt")) {
            return step.existed(step.relation());
        }
        Node select = node.child("selectStmt");
        return select != null && select.has("fromClause");
    }

    /** Whether WHERE names values, or a part of the table by LIMIT. */
    static boolean bounded(Step step) {
        Node where = step.node() == null ? null : step.node().child("whereClause");
        if (where == null) {
            return false;
        }
        boolean limited = where.all("SelectStmt").stream().anyMatch(select -> select.has("limitCount"));
        return limited
                || where.all("CurrentOfExpr").size() == 1
                || where.all("A_Expr").stream().anyMatch(Dml::compares);
    }

    private static boolean compares(Node expression) {
        return value(expression.child("lexpr"))
                || value(expression.child("rexpr"))
                || expression.list("rexpr").stream().anyMatch(Dml::value);
    }

    private static boolean value(@Nullable Node side) {
        if (side == null) {
            return false;
        }
        return switch (side.tag()) {
            case "A_Const", "ParamRef" -> true;
            case "TypeCast" -> value(side.child("arg"));
            case "List" -> side.list("items").stream().allMatch(Dml::value);
            default -> false;
        };
    }
}

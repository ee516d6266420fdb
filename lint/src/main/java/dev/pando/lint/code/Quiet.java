package dev.pando.lint.code;

import dev.pando.grammar.Node;
import java.util.Set;

/** Statements that make nobody wait, whether they run or not: they make something new, or lock rows and nothing else. */
final class Quiet {
    private static final Set<String> TAGS = Set.of(
            "SelectStmt",
            "InsertStmt",
            "UpdateStmt",
            "DeleteStmt",
            "MergeStmt",
            "CreateEnumStmt",
            "CreateRangeStmt",
            "CompositeTypeStmt",
            "CreateDomainStmt",
            "AlterEnumStmt",
            "CreateRoleStmt",
            "AlterRoleStmt",
            "AlterRoleSetStmt",
            "GrantStmt",
            "GrantRoleStmt",
            "AlterDefaultPrivilegesStmt",
            "AlterFunctionStmt",
            "CreateExtensionStmt",
            "CreateFunctionStmt",
            "CreateSeqStmt",
            "CreateCastStmt",
            "DefineStmt",
            "CommentStmt",
            "VariableSetStmt",
            "VariableShowStmt",
            "NotifyStmt",
            "CreatePublicationStmt",
            "DoStmt",
            "CallStmt",
            "ExplainStmt",
            "ExecuteStmt");

    private Quiet() {}

    static boolean is(Node node) {
        return switch (node.tag()) {
            case "CreateStmt" -> alone(node);
            case "CreateSchemaStmt" -> node.list("schemaElts").isEmpty();
            default -> TAGS.contains(node.tag());
        };
    }

    /** A table that no other one has to be locked for. */
    private static boolean alone(Node create) {
        return !create.has("inhRelations")
                && create.all("Constraint").stream()
                        .noneMatch(constraint -> constraint.text("contype").equals("CONSTR_FOREIGN"));
    }
}

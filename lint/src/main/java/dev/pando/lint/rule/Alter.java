package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The commands of an ALTER TABLE on a table that was there before the migration. */
final class Alter {
    private Alter() {}

    /** {@code subtype} as PostgreSQL's sources name it, or empty for any. */
    static boolean any(Step step, String subtype, Predicate<Node> which) {
        return find(step, subtype, which).isPresent();
    }

    static Optional<Node> find(Step step, String subtype, Predicate<Node> which) {
        Node node = step.node();
        if (node == null || !node.is("AlterTableStmt") || !step.existed(node.child("relation"))) {
            return Optional.empty();
        }
        return node.list("cmds").stream()
                .filter(command -> subtype.isEmpty() || command.text("subtype").equals(subtype))
                .filter(which)
                .findFirst();
    }

    private static String kind(Node command) {
        Node definition = command.child("def");
        return definition == null ? "" : definition.text("contype");
    }

    /** A constraint that can be NOT VALID. */
    static boolean checkable(Node command) {
        return List.of("CONSTR_CHECK", "CONSTR_FOREIGN").contains(kind(command));
    }

    static boolean notNull(Node command) {
        return kind(command).equals("CONSTR_NOTNULL");
    }

    static boolean unique(Node command) {
        return List.of("CONSTR_UNIQUE", "CONSTR_PRIMARY").contains(kind(command));
    }

    private static boolean has(Node addColumn, String... kinds) {
        Node column = addColumn.child("def");
        return column != null
                && column.list("constraints").stream()
                        .anyMatch(constraint -> List.of(kinds).contains(constraint.text("contype")));
    }

    static boolean constrained(Node addColumn) {
        return has(addColumn, "CONSTR_CHECK", "CONSTR_FOREIGN");
    }

    static boolean uniqueColumn(Node addColumn) {
        return has(addColumn, "CONSTR_UNIQUE", "CONSTR_PRIMARY");
    }

    static boolean emptyButRequired(Node addColumn) {
        return has(addColumn, "CONSTR_NOTNULL", "CONSTR_PRIMARY")
                && !has(addColumn, "CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED")
                && !serial(addColumn);
    }

    private static boolean serial(Node addColumn) {
        Node column = addColumn.child("def");
        Node type = column == null ? null : column.child("typeName");
        return type != null && type.names("names").getLast().matches("(?:small|big)?serial[248]?");
    }

    static String column(Node addColumn) {
        Node column = addColumn.child("def");
        return column == null ? "it" : column.text("colname");
    }

    /** A DETACH that is not CONCURRENTLY, nor the end of one. */
    static boolean waits(Node detach) {
        Node partition = detach.child("def");
        return partition == null || !partition.flag("concurrent");
    }
}

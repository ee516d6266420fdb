package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Meaning;
import dev.pando.lint.fact.Step;
import java.util.Set;

/** Statements that change rows, and whether they may be many. */
final class Dml {
    /** Below this size a whole table is a batch. */
    private static final long SMALL_BYTES = 5_000_000;

    private static final Set<String> TAGS = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");

    private Dml() {}

    static boolean is(Step step) {
        Node node = step.node();
        return node != null && (TAGS.contains(node.tag()) || node.is("CopyStmt"));
    }

    /** Whether it may take long: rows of a query or a file, or more than a batch of rows of a table that others use. */
    static boolean large(Step step) {
        Node node = step.node();
        if (node == null) {
            return false;
        }
        return switch (node.tag()) {
            case "CopyStmt" -> node.flag("is_from");
            case "InsertStmt" -> loads(node, step);
            default -> step.existed(step.relation()) && !bounded(step);
        };
    }

    private static boolean loads(Node insert, Step step) {
        Node select = insert.child("selectStmt");
        return select != null
                && !new Bound(step, insert).limited(select)
                && (!select.all("RangeFunction").isEmpty()
                        || select.all("RangeVar").stream()
                                .anyMatch(range -> step.meaning(range).oid() != 0));
    }

    /** Whether a key, or the size of the table, bounds the number of rows. */
    static boolean bounded(Step step) {
        Node node = step.node();
        Node relation = step.relation();
        if (node == null || relation == null) {
            return false;
        }
        Meaning table = step.meaning(relation);
        if (table.bytes().isPresent() && table.bytes().getAsLong() < SMALL_BYTES) {
            return true;
        }
        return !step.variables().piles() && new Bound(step, node).byKey();
    }
}

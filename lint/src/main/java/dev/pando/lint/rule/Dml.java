package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Step;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
            case "InsertStmt" -> step.variables().piles() || loads(node.child("selectStmt"), step);
            case "MergeStmt" ->
                changes(node)
                        ? step.existed(step.relation()) && !bounded(step)
                        : step.variables().piles() || loads(node.child("sourceRelation"), step);
            default -> step.existed(step.relation()) && !bounded(step);
        };
    }

    /** Whether it changes rows that were there. */
    static boolean changes(Node node) {
        return Change.of(node).stream()
                .anyMatch(change -> change.kind() == Change.Kind.UPDATE || change.kind() == Change.Kind.DELETE);
    }

    private static boolean loads(@Nullable Node source, Step step) {
        Node inner = source == null ? null : source.child("subquery");
        Node select = inner == null ? source : inner;
        return select != null
                && !Bound.limited(step, select)
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
        if (small(step.meaning(relation).bytes())) {
            return true;
        }
        return !step.variables().piles() && new Bound(step, node).byKey();
    }

    /** Whether a table of this size is no more than a batch. */
    static boolean small(OptionalLong bytes) {
        return bytes.isPresent() && bytes.getAsLong() < SMALL_BYTES;
    }

    static String size(OptionalLong bytes) {
        return bytes.isPresent() ? " (" + LockLine.bytes(bytes.getAsLong()) + ")" : "";
    }
}

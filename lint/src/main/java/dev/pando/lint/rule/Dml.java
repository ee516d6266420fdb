package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Step;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        boolean inserts =
                kinds(node).contains(Change.Kind.INSERT) && (step.variables().piles() || loads(node, step));
        // What INSERT meets in conflict is no more than what it brings.
        boolean changes =
                !node.is("InsertStmt") && changesExisting(node) && step.existed(step.relation()) && !bounded(step);
        return inserts || changes || Elsewhere.many(step);
    }

    private static Set<Change.Kind> kinds(Node node) {
        return Change.of(node).stream().map(Change::kind).collect(Collectors.toSet());
    }

    /** Whether it changes rows that were there; ON CONFLICT DO UPDATE does. */
    static boolean changesExisting(Node node) {
        return Change.of(node).stream().anyMatch(Change::existing);
    }

    /** Whether it takes its rows from a file or a query without a LIMIT. */
    private static boolean loads(Node node, Step step) {
        if (node.is("CopyStmt")) {
            return true;
        }
        Node source = node.child(node.is("MergeStmt") ? "sourceRelation" : "selectStmt");
        Node inner = source == null ? null : source.child("subquery");
        Node query = inner == null ? source : inner;
        return query != null
                && !Bound.limited(step, query)
                && Stream.of(query, node.child("withClause"))
                        .filter(Objects::nonNull)
                        .anyMatch(part -> !part.all("RangeFunction").isEmpty()
                                || part.all("RangeVar").stream()
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
}

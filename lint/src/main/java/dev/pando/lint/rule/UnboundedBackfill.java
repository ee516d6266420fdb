package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** DML whose size is that of the table. */
final class UnboundedBackfill implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "unbounded-backfill", Severity.WARNING, "UPDATE, DELETE or MERGE of any number of rows", """
                One statement changes all rows, or all that have some value: each is locked until it commits, the table and its
                indexes grow by as much again, replicas and VACUUM fall behind, and it all starts over when it fails. A number of rows
                is bounded by values of a unique key, by both ends of a range of one, by LIMIT in a query for a unique key, or by a
                table that is known to be small; what the passes of a loop change adds up until COMMIT.
                """, """
                Batches of some thousand rows along the primary key, each in its own transaction.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        Node relation = step.relation();
        boolean changes = step.is("UpdateStmt")
                || step.is("DeleteStmt")
                || (node != null && step.is("MergeStmt") && Dml.changesExisting(node));
        if (node == null || relation == null || !changes || !step.existed(relation) || Dml.bounded(step)) {
            return Optional.empty();
        }
        if (step.variables().piles()) {
            return Optional.of("a loop without COMMIT changes any number of rows of " + Names.of(relation)
                    + ", all of which stay locked until it ends");
        }
        return Optional.of(
                node.has("whereClause") || node.has("joinCondition")
                        ? "no key bounds how many rows of " + Names.of(relation) + " it changes"
                        : "changes all rows of " + Names.of(relation) + " in one statement");
    }
}

package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** DML whose size is that of the table. */
final class UnboundedBackfill implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("unbounded-backfill", Severity.WARNING, "UPDATE or DELETE of a whole table", """
                One statement changes all rows, or all that are NULL somewhere: each is locked until it commits, the table and its
                indexes grow by as much again, replicas and VACUUM fall behind, and it all starts over when it fails.
                """, """
                Batches of some thousand rows along the primary key, each in its own transaction.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        boolean changes = step.is("UpdateStmt") || step.is("DeleteStmt");
        return changes && step.existed(step.relation()) && !Dml.bounded(step)
                ? Optional.of("changes the rows of a whole table in one statement")
                : Optional.empty();
    }
}

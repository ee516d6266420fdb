package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** REINDEX that keeps writers out. */
final class ReindexNotConcurrently implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("reindex-not-concurrently", Severity.ERROR, "REINDEX without CONCURRENTLY", """
                REINDEX holds Share on the table and AccessExclusive on the index while it is built anew: writes wait, and so does
                every query that could use the index, since planning one locks all indexes of its tables.
                """, """
                REINDEX (CONCURRENTLY), outside a transaction.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.is("ReindexStmt") ? Blocking.of(step).map(blocked -> "REINDEX " + blocked) : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

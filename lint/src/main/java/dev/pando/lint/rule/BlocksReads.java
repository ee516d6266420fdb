package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** Any statement that works under AccessExclusive. */
final class BlocksReads implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "blocks-reads", Severity.ERROR, "every query waits while the table is worked through", """
                The statement holds AccessExclusive on a table for as long as it reads, rewrites or indexes one. No query on it runs
                meanwhile, not even a SELECT.
                """, """
                Look for a form that works under a weaker lock, or do the work beside the table and swap. VACUUM FULL and CLUSTER have
                none: use pg_repack or pg_squeeze.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.effect().readBlocking().isEmpty()
                ? Optional.empty()
                : Blocking.of(step).map(blocked -> "this statement " + blocked);
    }
}

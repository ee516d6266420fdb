package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** Any statement that works under a lock against writers. */
final class BlocksWrites implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("blocks-writes", Severity.ERROR, "writes wait while the table is worked through", """
                The statement holds a lock that INSERT, UPDATE and DELETE wait for (Share, ShareRowExclusive or Exclusive) for as long
                as it reads, rewrites or indexes a table.
                """, """
                Look for a form that works under ShareUpdateExclusive: CONCURRENTLY, or NOT VALID and VALIDATE CONSTRAINT.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.effect().readBlocking().isEmpty()
                ? Blocking.of(step).map(blocked -> "this statement " + blocked)
                : Optional.empty();
    }
}

package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** Locks are held to the end of their transaction. */
final class LockHeldWhileWorking implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "lock-held-while-working",
                Severity.ERROR,
                "a lock of an earlier statement is held while this one works",
                """
                A lock lasts until its transaction ends, not until its statement ends. What an earlier statement locked for a moment
                stays locked while this one reads, rewrites or indexes.
                """,
                """
                Put the statement that takes the lock and the one that works into transactions of their own.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        if (step.effect().work().isEmpty() || Dml.is(step)) {
            return Optional.empty();
        }
        return Blocking.heldBefore(step).map(held -> held + " is held while this statement " + Blocking.work(step));
    }
}

package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** DML in the transaction of a lock. */
final class BackfillUnderLock implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("backfill-under-lock", Severity.ERROR, "rows are changed while a lock is held", """
                Rows are changed or loaded in the transaction that has locked a table: the lock lasts as long as the change of all
                these rows, and everybody waits.
                """, """
                Change the schema in one transaction, rows in others, in batches.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Dml.is(step) && Dml.large(step)
                ? Blocking.heldBefore(step)
                        .or(() -> Blocking.heldWithin(step))
                        .map(held -> held + " is held while rows are changed")
                : Optional.empty();
    }
}

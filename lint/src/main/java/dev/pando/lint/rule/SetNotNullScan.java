package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** SET NOT NULL without a constraint that proves it. */
final class SetNotNullScan implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "set-not-null-scan", Severity.ERROR, "SET NOT NULL reads the table under its lock", """
                SET NOT NULL reads all rows under AccessExclusive, unless a valid CHECK (column IS NOT NULL) shows that there is
                nothing to find.
                """, """
                Add CHECK (column IS NOT NULL) NOT VALID, validate it, SET NOT NULL, drop the CHECK. From PostgreSQL 18 on: ADD
                CONSTRAINT … NOT NULL column NOT VALID, then VALIDATE CONSTRAINT.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.any(step, "AT_SetNotNull", command -> true) || Alter.any(step, "AT_AddConstraint", Alter::notNull)
                ? Blocking.of(step).map(blocked -> "NOT NULL is checked at once, which " + blocked)
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

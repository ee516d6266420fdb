package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** NOT VALID without its use. */
final class ValidateWithAdd implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "validate-with-add", Severity.ERROR, "VALIDATE in the transaction of its NOT VALID", """
                NOT VALID and VALIDATE in one transaction do what ADD CONSTRAINT without NOT VALID does: the strong lock of the first
                is held while the second reads the table.
                """, """
                VALIDATE CONSTRAINT in a transaction of its own.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        if (!Alter.any(step, "AT_ValidateConstraint", command -> true)) {
            return Optional.empty();
        }
        return step.sharing().stream()
                .filter(step::aboutSame)
                .filter(other -> Alter.any(other, "AT_AddConstraint", command -> true))
                .findFirst()
                .map(other -> "the lock that " + Blocking.place(other, step)
                        + " has taken to add the constraint is held while all rows are read");
    }

    @Override
    public Set<String> says() {
        return Set.of("lock-held-while-working");
    }
}

package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Work.Kind;
import java.util.Optional;
import java.util.Set;

/** ADD CONSTRAINT that reads the table under its lock. */
final class ConstraintValidatedUnderLock implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "constraint-validated-under-lock",
                Severity.ERROR,
                "constraint checked while the table is locked",
                """
                ADD CONSTRAINT reads all rows while it holds its lock: AccessExclusive for CHECK, ShareRowExclusive on both tables for
                a foreign key. A CHECK within ADD COLUMN does the same, with or without a default; a foreign key within ADD COLUMN
                only when the column has a default.
                """,
                """
                Add the constraint NOT VALID, which reads nothing, then VALIDATE CONSTRAINT in a transaction of its own: it reads
                under ShareUpdateExclusive, and queries go on. Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT
                VALID: add it so to each partition, validate it there, then add it to the table, which takes those over.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        boolean adds = Alter.any(step, "AT_AddConstraint", Alter::checkable)
                || Alter.any(step, "AT_AddColumn", command -> Alter.constrained(command))
                || step.is("AlterDomainStmt");
        boolean other = step.effect().does(Kind.REWRITE) || step.effect().does(Kind.INDEX_BUILD);
        return adds && !other
                ? Blocking.of(step).map(blocked -> "the new constraint is checked at once, which " + blocked)
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Work.Kind;
import java.util.Optional;
import java.util.Set;

/** ADD COLUMN that rewrites the table. */
final class ColumnDefaultRewrite implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "column-default-rewrite", Severity.ERROR, "new column whose values have to be written", """
                A new column with a constant default costs nothing: PostgreSQL remembers the constant. A volatile default
                (gen_random_uuid(), clock_timestamp(), nextval() of a serial or identity column), a stored generated column and a
                domain with a constraint rewrite the whole table under AccessExclusive.
                """, """
                Add the column without the default, set the default for new rows, fill the old rows in batches, then add NOT NULL if
                it is wanted.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.any(step, "AT_AddColumn", command -> true) && step.effect().does(Kind.REWRITE)
                ? Blocking.of(step).map(blocked -> "the new column's values are written at once, which " + blocked)
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

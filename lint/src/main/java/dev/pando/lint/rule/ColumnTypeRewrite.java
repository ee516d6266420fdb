package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** ALTER COLUMN TYPE that rewrites, builds or reads. */
final class ColumnTypeRewrite implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "column-type-rewrite",
                Severity.ERROR,
                "change of a column's type works through the table under lock",
                """
                A change of type that changes what is stored rewrites the table and builds all its indexes under AccessExclusive;
                others read it to check a constraint again, or build the indexes of the column anew. Some cost nothing: varchar(n) to
                a longer one or to text. Which it is has been measured, not guessed. Between timestamp and timestamptz it depends on the
                TimeZone of the session: with UTC (--time-zone UTC, or SET timezone in the migration) only indexes of the column are built
                anew, with any other the table is rewritten. Code that knows the old type may break, too.
                """,
                """
                Add a column of the new type, keep it up to date by a trigger, fill it in batches, then swap the names in one short
                transaction and drop the old column when nothing reads it.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.any(step, "AT_AlterColumnType", command -> true)
                ? Blocking.of(step).map(blocked -> "the change of type " + blocked)
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

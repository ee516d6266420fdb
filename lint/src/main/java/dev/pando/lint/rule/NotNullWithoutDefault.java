package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** ADD COLUMN NOT NULL without a value. */
final class NotNullWithoutDefault implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "not-null-without-default", Severity.ERROR, "new NOT NULL column without a default", """
                The statement fails if the table has a single row. On an empty table it succeeds, and every INSERT of running code,
                which does not know the column, fails from then on.
                """, """
                Give it a default, which costs nothing when it is a constant; or add it nullable, fill it, and add NOT NULL in the
                end.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.find(step, "AT_AddColumn", Alter::emptyButRequired)
                .map(command -> "fails where the table has rows, and INSERTs that do not name " + Alter.column(command)
                        + " fail from now on");
    }
}

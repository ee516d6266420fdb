package dev.pando.lint.rule;

import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** DROP COLUMN. */
final class DropColumn implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("drop-column", Severity.WARNING, "a column that running code may use goes away", """
                Code that still names the column fails, and so does code that lists all columns of a table it has read before, as many
                object-relational mappers do.
                """, """
                Make the code forget the column first (most mappers have a list of ignored columns), deploy that, then drop it. Say so
                in an allow comment.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.find(step, "AT_DropColumn", command -> !Names.madeHere(step, command.text("name")))
                .map(command -> "code that still knows " + command.text("name") + " fails from now on");
    }
}

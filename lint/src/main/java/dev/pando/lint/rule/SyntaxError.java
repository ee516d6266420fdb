package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Statement;
import java.util.Optional;

/** A text that the grammar refuses. */
final class SyntaxError implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("syntax-error", Severity.ERROR, "the text is no SQL of PostgreSQL", """
                PostgreSQL's grammar does not take the text.
                """, """
                Mend it. Commands of other programs in the file are not run by the tool either.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.syntaxError() == null || step.statement().kind() != Statement.Kind.SQL
                ? Optional.empty()
                : Optional.of(step.syntaxError());
    }
}

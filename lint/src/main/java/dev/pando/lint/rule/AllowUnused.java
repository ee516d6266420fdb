package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** Comments that outlive what they are about. */
final class AllowUnused implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("allow-unused", Severity.WARNING, "an allow comment that allows nothing", """
                No rule of that name finds anything in the statement the comment speaks of. It would hide what is found there later.
                """, """
                Remove the comment.
                """);
    }

    /** The linter itself finds it: it is about comments, not statements. */
    @Override
    public Optional<String> check(Step step) {
        return Optional.empty();
    }
}

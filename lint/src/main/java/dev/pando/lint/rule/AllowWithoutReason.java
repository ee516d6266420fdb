package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** Why is for the next reader. */
final class AllowWithoutReason implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("allow-without-reason", Severity.WARNING, "an allow comment without a reason", """
                Whoever reads the migration next wants to know why the finding does not matter. Without a reason the comment is not
                obeyed.
                """, """
                -- pando: allow RULE reason
                """);
    }

    /** The linter itself finds it: it is about comments, not statements. */
    @Override
    public Optional<String> check(Step step) {
        return Optional.empty();
    }
}

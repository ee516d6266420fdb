package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** Long work under a lock without a limit. */
final class StatementTimeout implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "statement-timeout", Severity.ADVICE, "no statement_timeout for work under a lock", """
                The statement works through a table under a lock that others wait for, and nothing ends it if that takes longer than
                thought.
                """, """
                SET statement_timeout to the longest time that the table may be blocked.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return without(step) && step.before().stream().noneMatch(StatementTimeout::without)
                ? Optional.of("works under a lock without a limit: set statement_timeout")
                : Optional.empty();
    }

    private static boolean without(Step step) {
        return !step.limits().has("statement_timeout") && Blocking.of(step).isPresent();
    }
}

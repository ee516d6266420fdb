package dev.pando.lint.rule;

import dev.pando.lab.oracle.Outcome;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** A statement that could not be run or looked up. */
final class NotJudged implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("not-judged", Severity.UNKNOWN, "nothing is known of the statement", """
                Nobody knows what the statement locks: it could not be run, is a command of psql, or has a placeholder without a
                value. That is not the same as harmless.
                """, """
                Give a server (--pg-version), the schema (--schema, --target) or the placeholder (--placeholder
                name=value), or look at it yourself and say so in an allow comment.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.effect().outcome() instanceof Outcome.Unknown unknown && step.syntaxError() == null
                ? Optional.of("unknown: " + unknown.reason())
                : Optional.empty();
    }
}

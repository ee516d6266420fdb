package dev.pando.lint.rule;

import dev.pando.lab.oracle.Outcome;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** A statement that could not be run or looked up. */
final class NotJudged implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "not-judged", Severity.UNKNOWN, "what the statement does is not known, or not all of it", """
                The statement could not be run, is a command of psql, or has a placeholder without a value; or it was run, and may do
                more in production than it did here: what it names is missing from the schema at hand, or the way through its code
                depends on rows, on the server or on SQL that it makes itself. That is not the same as harmless.
                """, """
                Give the schema (--schema, --target) or the placeholder (--placeholder name=value), or look at it yourself and say so
                in an allow comment.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        if (step.syntaxError() != null) {
            return Optional.empty();
        }
        return step.effect().outcome() instanceof Outcome.Unknown unknown
                ? Optional.of(unknown.reason())
                : Optional.of(String.join("; ", step.effect().doubts())).filter(doubts -> !doubts.isEmpty());
    }
}

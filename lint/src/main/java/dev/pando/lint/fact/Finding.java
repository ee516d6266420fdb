package dev.pando.lint.fact;

import dev.pando.lint.read.Place;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says of a statement.
 *
 * @param message one sentence about this statement
 * @param rewrite what to run instead; null when there is no recipe, or it is not proven for this schema
 */
public record Finding(
        String rule,
        Severity severity,
        Step step,
        Place place,
        String message,
        @Nullable Rewrite rewrite) {
    public Finding with(@Nullable Rewrite other) {
        return new Finding(rule, severity, step, place, message, other);
    }

    public boolean sameAs(Finding other) {
        return rule.equals(other.rule) && message.equals(other.message);
    }
}

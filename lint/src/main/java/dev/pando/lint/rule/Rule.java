package dev.pando.lint.rule;

import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** A pure decision about one statement and those before it. */
public interface Rule {
    RuleText text();

    /** What is wrong with the statement, in one sentence; empty when nothing is. */
    Optional<String> check(Step step);

    /** Ids of rules that need not speak where this one does. */
    default Set<String> says() {
        return Set.of();
    }
}

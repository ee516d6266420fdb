package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;

/** What the page of a rule says. */
public record RuleText(String id, Severity severity, String title, String why, String instead) {
    public RuleText {
        why = why.strip().replace('\n', ' ');
        instead = instead.strip().replace('\n', ' ');
    }
}

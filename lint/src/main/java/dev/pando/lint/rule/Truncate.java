package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;

/** TRUNCATE of a table that was there. */
final class Truncate implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("truncate", Severity.WARNING, "TRUNCATE", """
                TRUNCATE takes AccessExclusive, removes all rows at once, and transactions with an older snapshot see the table empty.
                """, """
                DELETE in batches where the table is in use; say in an allow comment that it is not.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        if (node == null || !node.is("TruncateStmt")) {
            return Optional.empty();
        }
        List<String> names = node.list("relations").stream()
                .filter(step::existed)
                .map(Names::of)
                .toList();
        return names.isEmpty() ? Optional.empty() : Optional.of("removes all rows of " + String.join(", ", names));
    }
}

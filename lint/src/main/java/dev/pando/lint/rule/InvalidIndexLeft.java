package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** CREATE INDEX CONCURRENTLY IF NOT EXISTS. */
final class InvalidIndexLeft implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "invalid-index-left", Severity.WARNING, "IF NOT EXISTS is content with a broken index", """
                When CREATE INDEX CONCURRENTLY fails it leaves an invalid index behind, which queries do not use and writes keep up to
                date. IF NOT EXISTS then finds the name taken and says that all is well.
                """, """
                DROP INDEX CONCURRENTLY IF EXISTS before, and CREATE INDEX CONCURRENTLY without IF NOT EXISTS.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        return node != null && node.is("IndexStmt") && node.flag("concurrent") && node.flag("if_not_exists")
                ? Optional.of("takes an invalid index of that name, left by a failure, for the index")
                : Optional.empty();
    }
}

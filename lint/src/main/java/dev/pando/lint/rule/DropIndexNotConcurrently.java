package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** DROP INDEX that locks its table. */
final class DropIndexNotConcurrently implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "drop-index-not-concurrently", Severity.WARNING, "DROP INDEX without CONCURRENTLY", """
                DROP INDEX takes AccessExclusive on the table of the index. It is held for a moment, but waits behind every running
                query, and every later query waits behind it.
                """, """
                DROP INDEX CONCURRENTLY, outside a transaction. It is refused for indexes of constraints and of partitioned tables: set lock_timeout
                there, and try again when it fails.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        boolean plain = step.is("DropStmt")
                && step.node() != null
                && step.node().text("removeType").equals("OBJECT_INDEX")
                && !step.node().flag("concurrent");
        return plain && !step.effect().readBlocking().isEmpty()
                ? Optional.of(
                        "DROP INDEX locks " + Blocking.tables(step.effect().readBlocking()) + " against every query")
                : Optional.empty();
    }
}

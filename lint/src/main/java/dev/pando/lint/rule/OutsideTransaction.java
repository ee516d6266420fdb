package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Settings;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** SET LOCAL and the like where there is no transaction. */
final class OutsideTransaction implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "outside-transaction", Severity.WARNING, "SET LOCAL and the like outside a transaction", """
                SET LOCAL, SET CONSTRAINTS and SET TRANSACTION last until the end of the transaction. Outside of one that is at once:
                PostgreSQL warns, and nothing is set for the statements that follow.
                """, """
                BEGIN before it and COMMIT after what it is for; or SET, which lasts for the session.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        return node != null
                        && !step.statement().transaction().block()
                        && step.surroundings().code().stream()
                                .noneMatch(inner -> inner.node().equals(node))
                        && Settings.lastsForTransaction(node)
                ? Optional.of("does nothing outside a transaction, and PostgreSQL only warns of it")
                : Optional.empty();
    }
}

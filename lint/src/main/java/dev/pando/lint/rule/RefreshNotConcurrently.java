package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** REFRESH that keeps readers out. */
final class RefreshNotConcurrently implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "refresh-not-concurrently", Severity.ERROR, "REFRESH MATERIALIZED VIEW without CONCURRENTLY", """
                REFRESH MATERIALIZED VIEW holds AccessExclusive on the view while its query runs: nobody can read it meanwhile.
                """, """
                REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index over all rows of the view.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        boolean plain = step.node() != null
                && step.is("RefreshMatViewStmt")
                && !step.node().flag("concurrent")
                && !step.node().flag("skipData");
        return plain && !step.effect().readBlocking().isEmpty()
                ? Optional.of("REFRESH keeps readers of "
                        + Blocking.tables(step.effect().readBlocking()) + " out while the query runs")
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** DETACH PARTITION that locks the parent. */
final class DetachPartition implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("detach-partition", Severity.WARNING, "DETACH PARTITION without CONCURRENTLY", """
                DETACH PARTITION takes AccessExclusive on the whole partitioned table. It is held for a moment, but waits behind every
                running query, and every later query on any partition waits behind it.
                """, """
                DETACH PARTITION … CONCURRENTLY, outside a transaction. It is refused while there is a default partition.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.any(step, "AT_DetachPartition", Alter::waits)
                        && !step.effect().readBlocking().isEmpty()
                ? Optional.of("DETACH PARTITION locks "
                        + Blocking.tables(step.effect().readBlocking()) + " against every query")
                : Optional.empty();
    }
}

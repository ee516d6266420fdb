package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** CREATE INDEX that keeps writers out. */
final class IndexNotConcurrently implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("index-not-concurrently", Severity.ERROR, "CREATE INDEX without CONCURRENTLY", """
                CREATE INDEX holds Share on the table until the index is built: reads go on, every INSERT, UPDATE and DELETE waits.
                """, """
                CREATE INDEX CONCURRENTLY, outside a transaction. It takes longer and waits for older transactions, and nobody waits
                for it. A partitioned table refuses that: CREATE INDEX … ON ONLY the table, CREATE INDEX CONCURRENTLY on each partition,
                then ALTER INDEX … ATTACH PARTITION.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.is("IndexStmt") ? Blocking.of(step).map(blocked -> "CREATE INDEX " + blocked) : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

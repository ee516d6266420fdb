package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.fact.Settings;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** REINDEX that keeps writers out. */
final class ReindexNotConcurrently implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("reindex-not-concurrently", Severity.ERROR, "REINDEX that blocks writes", """
                REINDEX holds Share on the table and AccessExclusive on the index while it is built anew: writes wait, and so does
                every query that could use the index, since planning one locks all indexes of its tables. CONCURRENTLY of a partitioned
                table first takes Share on all its partitions: it waits for every transaction that has written to one, and meanwhile all
                other writes wait behind it.
                """, """
                REINDEX (CONCURRENTLY), outside a transaction; for a partitioned table, of each partition by itself.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        if (node == null || !node.is("ReindexStmt")) {
            return Optional.empty();
        }
        return Settings.concurrently(node)
                ? beforehand(step)
                : Blocking.of(step).map(blocked -> "REINDEX " + blocked);
    }

    private static Optional<String> beforehand(Step step) {
        List<RelationLock> locks = step.effect().writeBlocking();
        return locks.isEmpty()
                ? Optional.empty()
                : Optional.of("REINDEX CONCURRENTLY first takes Share on " + Blocking.tables(locks)
                        + ": while it waits for that, all writes there wait behind it");
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

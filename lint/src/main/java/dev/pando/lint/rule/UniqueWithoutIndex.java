package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** ADD UNIQUE or PRIMARY KEY without USING INDEX. */
final class UniqueWithoutIndex implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "unique-without-index", Severity.ERROR, "UNIQUE or PRIMARY KEY builds its index under lock", """
                ADD UNIQUE and ADD PRIMARY KEY build their index while they hold AccessExclusive: no query on the table runs until it
                is done.
                """, """
                CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX, which takes a moment. The columns of a primary
                key have to be NOT NULL before. A partitioned table refuses both: ALTER TABLE ONLY … ADD the constraint to it, do as above
                for each partition, then ALTER INDEX … ATTACH PARTITION.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.any(step, "AT_AddConstraint", Alter::unique)
                        || Alter.any(step, "AT_AddColumn", Alter::uniqueColumn)
                ? Blocking.of(step).map(blocked -> "the index of the new constraint is built at once, which " + blocked)
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

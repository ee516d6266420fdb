package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** ATTACH PARTITION without a constraint that proves the bounds. */
final class AttachPartitionScan implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "attach-partition-scan", Severity.ERROR, "ATTACH PARTITION reads a table under its lock", """
                ATTACH PARTITION reads the new partition under AccessExclusive, and the default partition too, if there is one: rows
                that belong into the new one may be there.
                """, """
                First give the table a CHECK that says the same as the bounds, NOT VALID, and validate it; give the default partition
                one that says the opposite. Then ATTACH reads nothing, and the CHECKs can be dropped.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Alter.any(step, "AT_AttachPartition", command -> true)
                ? Blocking.of(step).map(blocked -> "ATTACH PARTITION " + blocked)
                : Optional.empty();
    }

    @Override
    public Set<String> says() {
        return Blocking.GENERAL;
    }
}

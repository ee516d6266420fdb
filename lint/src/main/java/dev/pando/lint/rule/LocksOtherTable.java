package dev.pando.lint.rule;

import dev.pando.lab.oracle.RelationLock;
import dev.pando.lab.oracle.Role;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** AccessExclusive on tables one does not expect. */
final class LocksOtherTable implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "locks-other-table", Severity.WARNING, "locks a table that the statement does not name", """
                Dropping a foreign key, or a table that has one, takes AccessExclusive on the referenced table, and dropping a
                partition takes it on the parent. Dropping a child of INHERITS does not. All queries on those tables wait behind it, although the statement does
                not name them.
                """, """
                Set lock_timeout and try again when it passes; run it when the other table is quiet. Detach a partition concurrently
                before dropping it. Say in an allow comment that the other table is known.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Set<String> named = step.named();
        List<RelationLock> others = step.effect().readBlocking().stream()
                .filter(lock -> lock.role() != Role.OTHER
                        || !named.contains(lock.relation().qualifiedName()))
                .filter(lock -> switch (lock.role()) {
                    case REFERENCED, REFERENCING, PARENT, OTHER -> true;
                    case TARGET, NAMED, DEFAULT_PARTITION, PARTITION, CHILD, TABLE_OF_INDEX, INDEX, SEQUENCE -> false;
                })
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("takes AccessExclusive also on " + Blocking.tables(others));
    }
}

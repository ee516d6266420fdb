package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** AccessExclusive on several tables, one after the other. */
final class SeveralExclusiveLocks implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "several-exclusive-locks", Severity.WARNING, "one transaction locks several tables", """
                The transaction takes AccessExclusive on one table and later on another, and holds the first while it waits for the
                second. A transaction of the application that uses them in the other order deadlocks with it, and everybody waits for
                the longest of both.
                """, """
                A transaction for each table.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Set<String> now = Blocking.names(step.effect().readBlocking());
        if (now.isEmpty()) {
            return Optional.empty();
        }
        Set<String> held = new TreeSet<>();
        for (Step other : step.sharing()) {
            Set<String> taken = Blocking.names(other.effect().readBlocking());
            if (!held.isEmpty() && !held.containsAll(taken)) {
                return Optional.empty(); // said there
            }
            held.addAll(taken);
        }
        now.removeAll(held);
        return held.isEmpty() || now.isEmpty()
                ? Optional.empty()
                : Optional.of("this transaction waits for AccessExclusive on " + String.join(", ", now)
                        + " while it holds it on " + String.join(", ", held));
    }
}

package dev.pando.lint;

import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Migration;
import java.util.List;

/** What the next file finds done in its transaction, where a tool has one for several files. */
final class Shared {
    private List<Step> last = List.of();

    List<Step> before(Migration migration) {
        if (!migration.continued() || migration.statements().isEmpty()) {
            return List.of();
        }
        int transaction = migration.statements().getFirst().transaction().id();
        return last.stream()
                .filter(step -> step.statement().transaction().id() == transaction)
                .toList();
    }

    /** A file without statements leaves the transaction as it is. */
    void ended(Migration migration, List<Step> steps) {
        if (!migration.statements().isEmpty()) {
            last = List.copyOf(steps);
        }
    }
}

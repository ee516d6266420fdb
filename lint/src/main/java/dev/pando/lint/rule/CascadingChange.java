package dev.pando.lint.rule;

import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Reference;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.stream.Collectors;

/** DML whose size is that of other tables. */
final class CascadingChange implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "cascading-change",
                Severity.WARNING,
                "ON DELETE or ON UPDATE changes any number of rows of other tables",
                """
                A row that is deleted, or whose key is updated, takes with it all rows that refer to it by a foreign key with CASCADE,
                SET NULL or SET DEFAULT, and those that refer to these: one statement of one row may change millions in one
                transaction, fires their triggers, and keeps them locked until it commits. Nothing in the statement tells how many.
                """,
                """
                Change the rows of the other table first, in batches of some thousand along its primary key, each in its own
                transaction; then those that they refer to.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        String changes = step.following().stream()
                .filter(reference -> !Dml.small(reference.bytes()))
                .flatMap(reference -> change(reference).stream())
                .distinct()
                .collect(Collectors.joining("; "));
        return changes.isEmpty() ? Optional.empty() : Optional.of(changes);
    }

    private static Optional<String> change(Reference reference) {
        String clause = "ON " + reference.kind() + " " + reference.action();
        String rows = "any number of rows of " + reference.table() + Dml.size(reference.bytes());
        return Optional.ofNullable(reference.change())
                .map(change -> change.kind() == Change.Kind.DELETE
                        ? clause + " deletes " + rows
                        : clause + " changes " + String.join(", ", reference.key()) + " in " + rows);
    }
}

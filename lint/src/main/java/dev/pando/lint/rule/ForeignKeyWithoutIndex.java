package dev.pando.lint.rule;

import dev.pando.base.sql.Quote;
import dev.pando.lint.fact.Reference;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.stream.Collectors;

/** DML that reads all of another table for each of its rows. */
final class ForeignKeyWithoutIndex implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "foreign-key-without-index",
                Severity.WARNING,
                "each row that is deleted has a referencing table read from end to end",
                """
                For each row that is deleted, or whose key is updated, PostgreSQL looks for rows that refer to it. It makes no index
                for that itself: where none begins with a column of the foreign key it reads the referencing table from its beginning to its end, for
                each row, while the row is locked. EXPLAIN does not show it in the plan; EXPLAIN ANALYZE has it as the time of a trigger.
                """,
                """
                CREATE INDEX CONCURRENTLY on the columns of the foreign key first; the finding has the statement.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        String reads = step.following().stream()
                .filter(reference -> !reference.indexed() && !Dml.small(reference.bytes()))
                .map(ForeignKeyWithoutIndex::read)
                .distinct()
                .collect(Collectors.joining("; "));
        return reads.isEmpty() ? Optional.empty() : Optional.of(reads);
    }

    private static String read(Reference reference) {
        String columns = reference.key().stream().map(Quote::identifier).collect(Collectors.joining(", "));
        return "reads all of " + reference.table() + Dml.size(reference.bytes())
                + " for each row, since no index there begins with " + columns + ": CREATE INDEX CONCURRENTLY ON "
                + reference.table() + " (" + columns + ")";
    }
}

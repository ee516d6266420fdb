package dev.pando.lint.rule;

import dev.pando.base.sql.Quote;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Reach;
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
                Deleting a row, or changing its key, also deletes or changes every row that refers to it by a foreign key with CASCADE,
                SET NULL or SET DEFAULT, and the rows that refer to those. A statement for one row can so change millions of rows in one
                transaction: their triggers fire, and they stay locked until it commits. Nothing in the statement tells how many.
                """,
                """
                First delete or change the rows that refer, in batches of some thousand along their primary key, each in its own
                transaction; then the rows they refer to. That nothing refers to those any more cannot be seen here: say it in an allow comment.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Elsewhere.told(step, reach -> reach.action().changes(), CascadingChange::change);
    }

    private static String change(Reach reach) {
        Reach.Key key = reach.key();
        String clause = Quote.identifier(key.name()) + " of " + Elsewhere.table(key.table()) + " (ON " + reach.clause()
                + " " + reach.action().sql() + ", to " + Elsewhere.table(key.referenced()) + ")";
        String rows = " any number of rows of " + Elsewhere.sized(reach);
        Change change = reach.change();
        String does = change == null || change.kind() == Change.Kind.DELETE
                ? " deletes"
                : " changes "
                        + change.columns().stream()
                                .sorted()
                                .map(Quote::identifier)
                                .collect(Collectors.joining(", ")) + " in";
        return clause + does + rows;
    }
}

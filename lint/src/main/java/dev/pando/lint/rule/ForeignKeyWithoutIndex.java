package dev.pando.lint.rule;

import dev.pando.base.sql.Quote;
import dev.pando.lint.fact.Reach;
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
                "DELETE, or UPDATE of a key, reads a whole referencing table for each row",
                """
                This is about a DELETE or UPDATE, not about making a foreign key. For each row that is deleted, or whose key changes,
                PostgreSQL looks for rows that refer to it. It makes no index for that: where none finds them it reads
                the referencing table from end to end, for each row. The plan of EXPLAIN does not
                show it; EXPLAIN ANALYZE shows it as time spent in a trigger.
                """,
                """
                First an index on the columns of the foreign key, with CREATE INDEX CONCURRENTLY; the finding has the statement.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return Elsewhere.told(step, reach -> !reach.indexed(), ForeignKeyWithoutIndex::read);
    }

    private static String read(Reach reach) {
        Reach.Key key = reach.key();
        String columns = key.columns().stream().map(Quote::identifier).collect(Collectors.joining(", "));
        String reads = "reads all of " + Elsewhere.sized(reach) + " for each row of "
                + Elsewhere.table(key.referenced()) + ", as no index finds the rows that refer to it by " + columns;
        return key.partitioned()
                ? reads + ": make one on each partition with CREATE INDEX CONCURRENTLY"
                : reads + ": CREATE INDEX CONCURRENTLY ON " + Elsewhere.table(key.table()) + " (" + columns + ")";
    }
}

package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries on a twin what a database has not: made there for real, asked for plans with, and rolled back. */
public final class Trial {
    /**
     * What to try, in this order.
     *
     * @param partitionings as {@link Partitioning} reads them
     * @param extendKeys whether unique constraints become ones of the partitions' key too
     * @param statistics statements of CREATE STATISTICS
     * @param indexes statements of CREATE INDEX
     */
    public record Candidates(
            List<String> partitionings, boolean extendKeys, List<String> statistics, List<String> indexes) {}

    /** A table as partitions; {@code read}: how many of them the plan reads. */
    public record Partitioned(String text, String table, List<Part> partitions, long read, List<String> notes) {}

    /** A partition, with the rows it would have. */
    public record Part(String name, String bounds, double tuples) {}

    /** A candidate, the index it makes, and the size that this would have. */
    public record Index(String sql, String index, long pages, double tuples) {}

    /**
     * A candidate, the object it makes and what was measured for it.
     *
     * @param rows how many of the table's {@code tuples} were read
     * @param found what the data are, in words
     * @param notes what is not as ANALYZE would have it
     */
    public record Statistics(
            String sql,
            String statistics,
            String table,
            long rows,
            double tuples,
            List<String> found,
            List<String> notes) {}

    /**
     * Plans of one query without the candidates and with them.
     *
     * @param guessed what the twin has not of the statistics that the query's plan is made with
     */
    public record Comparison(
            Plan before,
            Plan after,
            List<Omission> guessed,
            List<Partitioned> partitionings,
            List<Statistics> statistics,
            List<Index> indexes) {}

    private Trial() {}

    /** Plans {@code query} on {@code twin} as it is and with {@code candidates}; the twin stays as it was. {@code rows}: where they can be read. */
    public static Comparison compare(Twin twin, String query, Candidates candidates, @Nullable RowSource rows)
            throws SQLException {
        int major = twin.server().major().number();
        try (Deputy deputy = Deputy.of(twin.server(), twin.database());
                Connection connection = Sql.plain(twin.server(), twin.database())) {
            connection.setAutoCommit(false);
            Plan before = Plan.of(connection, query);
            List<Omission> guessed = guessed(connection, major, twin.omissions());
            List<PartitionTrial> partitioned = new ArrayList<>();
            for (String text : candidates.partitionings()) {
                PartitionTrial trial =
                        new PartitionTrial(connection, deputy, major, twin.snapshot(), Partitioning.of(text));
                trial.make(candidates.extendKeys());
                partitioned.add(trial);
            }
            List<Statistics> statistics = new ArrayList<>();
            for (String statement : candidates.statistics()) {
                statistics.add(new StatisticsTrial(connection, deputy, major, known(rows, statement)).make(statement));
            }
            List<Index> indexes = new ArrayList<>();
            for (String statement : candidates.indexes()) {
                indexes.addAll(new IndexTrial(connection, deputy, major).make(statement));
            }
            Plan after = Plan.of(connection, query);
            connection.rollback();
            List<Partitioned> partitionings =
                    partitioned.stream().map(trial -> trial.answer(after)).toList();
            return new Comparison(before, after, guessed, partitionings, statistics, indexes);
        }
    }

    /** The planner has locked the relations that it looked at, those it took out included. */
    private static List<Omission> guessed(Connection connection, int major, List<Omission> omissions)
            throws SQLException {
        Set<String> subjects =
                Set.copyOf(Sql.rows(connection, row -> row.getString(1), CatalogQuery.text("planned", major)));
        return omissions.stream()
                .filter(omission -> subjects.contains(omission.kind() + " " + omission.name()))
                .toList();
    }

    private static RowSource known(@Nullable RowSource rows, String statement) {
        if (rows == null) {
            throw new PandoException(
                    PandoError.ROWS_REFUSED, "rows for " + statement, "a file of pando snapshot has none");
        }
        return rows;
    }
}

package dev.pando.rehearse.rows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of the copy, partitions taken together.
 *
 * @param rows how many it got
 * @param problem why it, or one of its partitions, has fewer rows than were asked for; null when it has them
 * @param insertion how clients can insert into it; null when nothing is known that stays unique
 */
public record Filled(
        String table,
        long rows,
        @Nullable String problem,
        @Nullable Insertion insertion) {
    /**
     * An INSERT of one row with parameters: for each of {@code sources} the columns of one of its rows, then the row's number twice, which has
     * to be another one each time and above {@code last}.
     */
    public record Insertion(String sql, List<Source> sources, long last) {
        public Insertion {
            sources = List.copyOf(sources);
        }
    }

    /** Columns of a table that a foreign key refers to. */
    public record Source(String table, List<String> columns) {
        public Source {
            columns = List.copyOf(columns);
        }
    }
}

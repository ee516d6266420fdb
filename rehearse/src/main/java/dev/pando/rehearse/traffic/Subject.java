package dev.pando.rehearse.traffic;

import dev.pando.rehearse.rows.Filled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that clients use.
 *
 * @param name qualified, as SQL has it
 * @param columns all, as SQL has them
 * @param key columns of its primary key, as SQL has them; empty without one
 * @param updated a column that can be set to what it is; null when there is none beside keys
 * @param keys values of {@code key} in some of its rows
 * @param inserting how to insert a row, null when that is not known
 * @param weight how often it is asked, compared with others
 */
public record Subject(
        String name,
        List<String> columns,
        List<String> key,
        @Nullable String updated,
        List<List<String>> keys,
        @Nullable Inserting inserting,
        int weight) {
    public Subject {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        keys = List.copyOf(keys);
    }

    /** @param sources for each source of the insertion some rows of it */
    public record Inserting(Filled.Insertion insertion, List<List<List<String>>> sources) {
        public Inserting {
            sources = List.copyOf(sources);
        }
    }
}
